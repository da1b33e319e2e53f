"""Text of which nothing can be seen, and what hides in names, wherever it comes in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clientdesk.desk import client_types, clients, firm_settings, own_fields, tags, team, view_changes
from clientdesk.desk.imports import saved_mappings
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import Layout
from clientdesk.exchange.file_reading import open_table

UNSEEN = "\u200b \u2060\ufeff\u3164\x1b"


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.problems[0].code


def test_nothing_that_can_be_seen_is_no_value_and_no_name(session: Session) -> None:
    code = own_fields.add_field(session, "Code", OwnKind.TEXT)
    own = f"own_{code.id}"
    tag = tags.add_tags(session, ["VIP"])[0]
    client = clients.add(session, {"display_name": "Peña SA", "client_number": "7", own: "x", "tags": "VIP"})
    for name in ("client_number", "city", "client_type", "subscription", "notes", own, "tags", "display_name"):
        with pytest.raises(Refused):
            clients.edit(session, client, {name: UNSEEN})
    assert refused(lambda: clients.edit(session, client, {"client_number": "\u200b"})) == "invisible_character"
    present = clients.get(session, client.id)
    assert present.version == client.version
    assert clients.edit(session, present, {"client_number": " "}).values["client_number"] == ""
    named: list[Callable[[str], object]] = [
        lambda name: client_types.add_type(session, name),
        lambda name: tags.add_tags(session, [name]),
        lambda name: tags.rename_tag(session, next(known for known in tags.tags(session) if known.id == tag), name),
        lambda name: own_fields.add_field(session, name, OwnKind.TEXT),
        lambda name: team.add_member(session, name, "", "zoe", Access.FULL),
        lambda name: firm_settings.save(session, session.firm, {"name": name}),
        lambda name: view_changes.add_own(session, name, Layout()),
        lambda name: saved_mappings.save_mapping(session, name, {}),
    ]
    for add in named:
        with pytest.raises(Refused) as refusal:
            add(UNSEEN)
        assert refusal.value.problems[0].code == "required"


def test_names_that_look_alike_are_one(session: Session) -> None:
    tags.add_tags(session, ["VIP"])
    tags.add_tags(session, ["V\u200bIP", "\ufeffVIP"])
    clients.add(session, {"display_name": "Uno SL", "tags": "V\u2060IP", "client_type": "Busi\u200bness"})
    assert [tag.name for tag in tags.tags(session)] == ["VIP"]
    assert refused(lambda: client_types.add_type(session, "Busi\u3164ness")) == "type_taken"
    own_fields.add_field(session, "Ri\u200bsk", OwnKind.CHOICE, choices=["High", "Low"])
    assert refused(lambda: own_fields.add_field(session, "Risk", OwnKind.TEXT)) == "field_taken"
    field = own_fields.field_by_name(session, "Risk")
    assert refused(lambda: own_fields.add_choices(session, field.id, ["Hi\u200bgh"])) == "choice_taken"
    assert refused(lambda: team.add_member(session, "Ana\u2060 García", "", "zoe", Access.FULL)) == "member_name_taken"
    (row,) = clients.window(session, EVERYONE, ["tags", "client_type"], 0, 9)
    assert row.values == ("VIP", "Business")
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"  # joiners and looks stay
    tags.add_tags(session, [family])
    assert tags.tag_by_name(session, family).name == family


def test_a_list_brings_nothing_that_cannot_be_seen(session: Session, tmp_path: Path) -> None:
    code = own_fields.add_field(session, "Code", OwnKind.TEXT)
    path = tmp_path / "unseen.csv"
    rows = [
        "Display name,City,Code,Tags",
        *("\u200b,,,", "\u3164 \u2800,,,", "Uno SL,\ufeff\u200b,,", "Dos SL,,\u2060,"),
    ]
    path.write_text("\n".join([*rows, "Tres SL,,A,V\u200bIP", "Cuatro SL,\u00a0,,VIP"]), encoding="utf-8")
    job = Import.open(session, open_table(str(path)), ImportKind.CLIENTS)
    job.judge(session)
    codes = {row.line: row.problem.code for row in job.refusals() if row.problem is not None}
    assert codes == dict.fromkeys((2, 3, 4, 5), "invisible_character")
    job.apply(session)
    job.close()
    shown = clients.window(session, EVERYONE, ["display_name", f"own_{code.id}", "tags"], 0, 9)
    assert {row.values for row in shown} == {("Tres SL", "A", "VIP"), ("Cuatro SL", "", "VIP")}
