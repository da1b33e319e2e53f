"""What the drafts of rows say of what their clients have in unique own fields, and that another client has it."""

from collections.abc import Sequence

from clientdesk.desk.session import Session
from clientdesk.domain import own_value_rules
from clientdesk.domain.fields import Field
from clientdesk.domain.judged_row import Draft
from clientdesk.domain.own_values import sort_key
from clientdesk.domain.unique_client_numbers import NOBODY
from clientdesk.store import clients


def claiming(session: Session, drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts with the keys of what they want in unique own fields; those that want what another client has now are
    refused. It is not handed on within one list, as numbers are: the databases take each value in its turn."""
    fields = [field for field in session.catalogue.own.values() if field.unique]
    if not fields:
        return list(drafts)
    wanted = [_unique(draft, fields) for draft in drafts]
    keys = {field.name: {unique[field.name] for unique in wanted if field.name in unique} for field in fields}
    asked = clients.rivals_asked((), (), (), (), {name: of_field for name, of_field in keys.items() if of_field})
    holders = clients.rivals(row for answer in session.engine.together(*asked) for row in answer).own if asked else {}
    judged = []
    for draft, unique in zip(drafts, wanted, strict=True):
        draft = draft._replace(unique=unique)
        for field in fields if unique else ():
            holder_id, holder = holders.get((field.name, unique.get(field.name, "")), NOBODY)
            if holder_id not in (0, draft.client_id):
                draft = draft.refused(own_value_rules.own_taken(field, _value(draft, field.name), holder))
                break
        judged.append(draft)
    return judged


def _value(draft: Draft, name: str) -> str:
    """What a row says that its client has in a field; "" where it says nothing."""
    return draft.values.get(name) or draft.same.get(name, "")


def _unique(draft: Draft, fields: Sequence[Field]) -> dict[str, str]:
    """By field the key of what a row that is not refused or left out wants in it."""
    if draft.problem is not None or draft.skipped:
        return {}
    return {field.name: sort_key(value) for field in fields if (value := _value(draft, field.name))}
