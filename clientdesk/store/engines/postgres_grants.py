"""What the three groups of a server's logins may read, write and call, column by column."""

from clientdesk.domain.access import Access
from clientdesk.store.derived_columns import DERIVED
from clientdesk.store.entities import ENTITIES, Entity


def _of_entity(entity: Entity) -> str:
    """What the groups may write of an entity, column by column; a group may what those of less access may."""
    of_row = (*(attribute.column for attribute in entity.attributes), *DERIVED.get(entity.name, ()))
    admins_columns = {attribute.column for attribute in entity.attributes if attribute.writers is Access.PRIMARY_ADMIN}
    changing = ", ".join((*(column for column in of_row if column not in {*entity.fixed, *admins_columns}), "version"))
    adding = ", ".join(dict.fromkeys((*entity.identity, *of_row)))
    rights = ([] if entity.single else [f"INSERT ({adding})"]) + [f"UPDATE ({changing})"]
    sql = f"GRANT {', '.join(rights)} ON {entity.name} TO clientdesk_full;\n"
    if admins_columns:
        sql += f"GRANT UPDATE ({', '.join(sorted(admins_columns))}) ON {entity.name} TO clientdesk_primary_admin;\n"
    if entity.deleted_by is not None:  # who may not delete a row for good takes back what they added
        sql += f"GRANT DELETE ON {entity.name} TO clientdesk_full;\n"
    if entity.added_by is Access.BASIC:
        written = [attribute.column for attribute in entity.writable(Access.BASIC)]
        adding = ", ".join(dict.fromkeys((*entity.identity, *written)))
        changing = ", ".join((*(column for column in written if column not in entity.fixed), "version"))
        sql += f"GRANT INSERT ({adding}), UPDATE ({changing}), DELETE ON {entity.name} TO clientdesk_basic;\n"
    return sql


_COUNTS = "added, changed, unchanged, refused, skipped"

_ALL = "PUBLIC, clientdesk_basic, clientdesk_full, clientdesk_primary_admin"

GRANTS = f"""
REVOKE ALL ON SCHEMA clientdesk FROM {_ALL};
REVOKE ALL ON ALL TABLES IN SCHEMA clientdesk FROM {_ALL};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA clientdesk FROM {_ALL};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clientdesk FROM {_ALL};
GRANT USAGE ON SCHEMA clientdesk TO clientdesk_basic;
GRANT SELECT ON ALL TABLES IN SCHEMA clientdesk TO clientdesk_basic;
GRANT EXECUTE ON FUNCTION quote(text), me(), my_access(), take_turn(), begin_change(text, text, bigint, bigint), keep_setting(text, text),
    letter_pairs(text), note_change(text, bigint), next_ids(text, bigint) TO clientdesk_basic;

{"".join(map(_of_entity, ENTITIES.values()))}
GRANT INSERT (id, actor_id, kind, file, total), UPDATE ({_COUNTS}, state, setup) ON import_run TO clientdesk_full;
GRANT INSERT (run_id, place, line, cells, problem, search_text),
    UPDATE (cells, problem, search_text, verdict, retried_by), DELETE
    ON import_refusal TO clientdesk_full;
GRANT INSERT, UPDATE, DELETE ON import_mapping TO clientdesk_full;
GRANT INSERT ON arrival TO clientdesk_full;
GRANT INSERT, UPDATE, DELETE ON client_work TO clientdesk_basic;
GRANT INSERT, UPDATE, DELETE ON work_renewal TO clientdesk_full;

GRANT DELETE ON import_run TO clientdesk_primary_admin;
"""
