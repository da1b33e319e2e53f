"""A firm in which people have worked: something in each of its tables, and of each thing that its history tells."""

from contextlib import closing
from pathlib import Path

from clientdesk.desk import (
    client_types,
    clients,
    firm_settings,
    imports,
    list_columns,
    own_fields,
    tags,
    team,
    transfer,
    view_changes,
)
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.views import Layout
from clientdesk.exchange.file_reading import open_table
from tests.desk.undone import do_again, take_back
from tests.many import add_many
from tests.store.both import tamper
from tests.worked import derived_for, work_for

ROWS = 60


def live_in(session: Session, other: Session, folder: Path) -> None:
    """Works in a new firm for a while: `other` is another firm, from which a client comes, `folder` where lists lie."""
    firm_settings.save(session, session.firm, {"client_notice": "500", "upload_limit": "no"})
    bob = team.add_member(session, "Łukasz Nowak", "", "lukasz", Access.BASIC)
    team.add_member(session, "Eve Test", "", "eve", Access.FULL)
    client_types.add_type(session, "Fideicomiso")
    client_types.remove_type(session, client_types.add_type(session, "Gone").id)
    add_many(session, [{"display_name": f"Peña {n}", "client_number": f"C-{n}"} for n in range(ROWS)])
    first = clients.add(session, {"display_name": "«İß» 山田", "notes": "two\nlines \\ 'quoted' \"so\""})
    clients.edit(session, first, {"lead": "Łukasz Nowak", "client_type": "Fideicomiso"})
    clients.set_status(session, [first.id], False)
    team.deactivate_member(session, bob.id, everyone_to="Ana García")
    _import(session, folder / "list.csv")
    take_back(session)
    do_again(session)
    client_types.add_type(session, "Undone")
    take_back(session)
    imports.save_mapping(session, "ñandú", {"columns": {"Name": "display_name"}})
    list_columns.save_columns(session, list_columns.first_columns())
    view_changes.save(session, view_changes.add_to_firm(session, "Áurea", Layout()), Layout(ClientQuery(find="málaga")))
    field = own_fields.add_field(session, "Ámbito", OwnKind.CHOICE, choices=["Alto", "Bajo"])
    clients.add(session, {"display_name": "Own SL", f"own_{field.id}": "Alto", "tags": "VIP"})
    own_fields.retire_choice(session, field.id, field.choices[1].id)
    own_fields.add_field(session, "Acta", OwnKind.DATE)
    take_back(session)
    tags.add_tags(session, ["VIP"])
    derived_for(session, work_for(session, first.id), first.id)
    add_many(other, [{"display_name": "Vino SL", "client_number": "V-1"}])
    transfer.transfer(other, session, transfer.in_list(other, ClientQuery(filters=())), transfer.How())
    erased = clients.add(session, {"display_name": "Erased", "notes": "secret"})
    clients.delete(session, erased)
    erasing = f"UPDATE history SET old = NULL, new = NULL, salt = NULL WHERE entity = 'client' AND key = '{erased.id}'"  # noqa: S608
    tamper(session.location, "history", erasing)
    forgetting = f"DELETE FROM deleted_client WHERE client_id = {erased.id}"  # noqa: S608
    tamper(session.location, "deleted_client", forgetting)


def _import(session: Session, path: Path) -> None:
    """A list, of which one row is refused."""
    lines = ["Display name,Client number,E-mail", *(f"Ría {n},R-{n}," for n in range(20)), f"Wrong,{'9' * 101},"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with closing(Import.open(session, open_table(str(path)), ImportKind.CLIENTS)) as job:
        job.judge(session)
        job.apply(session)
        assert job.counts().refused
