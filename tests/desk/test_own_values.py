"""What clients have in the firm's own fields, and their tags: written, compared, undone, told and checked."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import (
    bulk_changes,
    bulk_kinds,
    bulk_plan_rows,
    checking,
    clients,
    history,
    opening,
    own_fields,
    tags,
    undoing,
)
from clientdesk.desk.records import Stale
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.own_fields import OwnField, OwnKind
from clientdesk.domain.own_values import dates_from, number_from, packed, sort_key, unpacked
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Refused
from tests.conftest import ADMIN, At
from tests.desk.undone import do_again, take_back
from tests.store.both import REFUSED_BY_DATABASE, bare, on_one_engine, tamper

KINDS = {
    "Note": OwnKind.TEXT,
    "Retainer": OwnKind.NUMBER,
    "Since": OwnKind.DATE,
    "VIP?": OwnKind.YES_NO,
    "Risk": OwnKind.CHOICE,
    "Reviewer": OwnKind.MEMBER,
    "Folder": OwnKind.LINK,
}
TYPED = {
    "Note": " a  b ",
    "Retainer": "1.250,50",
    "Since": "31/12/2026",
    "VIP?": "Yes",
    "Risk": "high",
    "Reviewer": "ana garcía",
    "Folder": "https://example.com/x",
}
READ = {
    "Note": "a b",
    "Retainer": "1250.5",
    "Since": "2026-12-31",
    "VIP?": "yes",
    "Risk": "High",
    "Reviewer": "Ana García",
    "Folder": "https://example.com/x",
}


@pytest.fixture
def fields(session: Session) -> Mapping[str, str]:
    """The internal names of one field of each kind, by their names."""
    added: dict[str, OwnField] = {}
    for name, kind in KINDS.items():
        choices = ["High", "Low"] if kind is OwnKind.CHOICE else []
        added[name] = own_fields.add_field(session, name, kind, choices=choices)
    return {name: f"own_{field.id}" for name, field in added.items()}


def indexed(session: Session) -> list[tuple[int, int, str]]:
    rows = session.engine.sql("SELECT field_id, client_id, value FROM client_own ORDER BY field_id, client_id, value")
    return [tuple(row) for row in rows.fetchall()]


def sound(session: Session) -> bool:
    return all(finding.sound for finding in checking.check_firm(session))


def test_each_kind_is_kept_told_and_undone(session: Session, fields: Mapping[str, str]) -> None:
    typed = {fields[name]: text for name, text in TYPED.items()}
    client = clients.add(session, {"display_name": "Peña SA", **typed, "tags": "VIP, moroso,vip"})
    assert {name: client.values[own] for name, own in fields.items()} == READ
    assert client.values["tags"] == "moroso, VIP"
    (added,) = history.of_client(session, client.id)
    new_by_label = {change.label: change.new for change in added.fields}
    assert {name: new_by_label[name] for name in READ} == {**READ, "VIP?": "Yes"}
    assert new_by_label["Tags"] == "moroso, VIP"
    edited = clients.edit(session, client, {fields["Retainer"]: "", fields["Risk"]: "low", "tags": "VIP"})
    changed = {change.label: (change.old, change.new) for change in history.of_client(session, client.id)[0].fields}
    assert changed == {"Retainer": ("1250.5", ""), "Risk": ("High", "Low"), "Tags": ("moroso, VIP", "VIP")}
    assert edited.values[fields["Retainer"]] == ""
    assert sound(session)
    take_back(session)
    assert clients.get(session, client.id).values == client.values
    do_again(session)
    assert clients.get(session, client.id).values == edited.values
    assert sound(session)


def test_two_people_change_different_own_fields(session: Session, fields: Mapping[str, str], at_work: At) -> None:
    read = clients.add(session, {"display_name": "Peña SA", fields["Note"]: "a"})
    other = at_work("eve")
    clients.edit(other, clients.get(other, read.id), {fields["Retainer"]: "5"})
    saved = clients.save(session, read, {fields["Risk"]: "High"})
    assert saved.meanwhile == (fields["Retainer"],)
    assert (saved.client.values[fields["Retainer"]], saved.client.values[fields["Risk"]]) == ("5", "High")
    with pytest.raises(Stale):
        clients.save(session, read, {fields["Retainer"]: "6"})
    # each is undone by itself: what the other did to another field stays
    take_back(session)
    values = clients.get(session, read.id).values
    assert (values[fields["Retainer"]], values[fields["Risk"]]) == ("5", "")


@on_one_engine
@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Retainer", "much", "Retainer: “much” is no number. Write it as in 1250.50."),
        ("Retainer", "1,234", "Retainer: “1,234” may be a number with decimals, or a large one."),
        ("Since", "32/12/2026", "Since: “32/12/2026” is no day. Write it as in 2026-12-31."),
        ("Since", "01/02/2026", "may be 2026-02-01 or 2026-01-02. Write YYYY-MM-DD."),
        ("VIP?", "perhaps", "VIP?: “perhaps” is not one of yes, no."),
        ("Risk", "none", "Risk has no choice “none”. There are: High, Low."),
        ("Reviewer", "bob", "Reviewer: nobody active in the team is called “bob”."),
        ("Folder", "no address", "Folder: “no address” is no address in the web."),
        ("Note", "x" * 201, "has 201 characters; at most 200 are allowed."),
    ],
)
def test_what_makes_no_sense_is_a_sentence(
    session: Session, fields: Mapping[str, str], name: str, typed: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=r".") as refused:
        clients.add(session, {"display_name": "Peña SA", fields[name]: typed})
    assert sentence in refused.value.message


def test_required_and_unique(session: Session) -> None:
    code = own_fields.add_field(session, "Code", OwnKind.TEXT, required=True, unique=True)
    own = f"own_{code.id}"
    with pytest.raises(Refused, match=r".") as refused:
        clients.add(session, {"display_name": "Peña SA"})
    assert refused.value.message == "Code is required."
    first = clients.add(session, {"display_name": "Peña SA", own: "Ñ-1"})
    with pytest.raises(Refused, match=r".") as refused:
        clients.add(session, {"display_name": "Mar SL", own: "n-1"})
    assert refused.value.message == "Code “n-1” belongs to “Peña SA”. Write another one."
    with pytest.raises(Refused, match=r"."):
        clients.edit(session, first, {own: ""})
    clients.edit(session, first, {own: "ñ-1"})
    assert sound(session)


def test_many_tags(session: Session) -> None:
    tags.add_tags(session, [f"t{number}" for number in range(101)])
    with pytest.raises(Refused, match=r".") as refused:
        clients.add(session, {"display_name": "Peña SA", "tags": ",".join(f"t{number}" for number in range(101))})
    assert refused.value.message == "A client has at most 100 tags, not 101. Take some off."


def test_what_clients_have_stays(session: Session, fields: Mapping[str, str]) -> None:
    clients.add(session, {"display_name": "Peña SA", fields["Risk"]: "High", "tags": "VIP"})
    (tag,) = tags.tags(session)
    with pytest.raises(Refused, match=r".") as refused:
        tags.delete_tag(session, tag.id)
    assert refused.value.message.startswith("Clients have the tag VIP (1).")
    of_risk = 2 + list(KINDS).index("Risk")  # behind the change set that made the firm
    undone = undoing.undo(session, undoing.plan(session, of_risk))
    assert {field.name for field in own_fields.own_fields(session)} == KINDS.keys()
    assert any("stays: clients have a value of it (1)" in conflict.sentence for conflict in undone.conflicts)


def test_a_retired_field_keeps_its_values(session: Session, fields: Mapping[str, str]) -> None:
    client = clients.add(session, {"display_name": "Peña SA", fields["Note"]: "a", fields["Risk"]: "High"})
    note = own_fields.field_by_name(session, "Note")
    own_fields.retire_field(session, note.id)
    assert fields["Note"] not in clients.get(session, client.id).values
    edited = clients.edit(session, clients.get(session, client.id), {fields["Risk"]: "Low"})
    own_fields.restore_field(session, note.id)
    assert clients.get(session, edited.id).values[fields["Note"]] == "a"
    assert sound(session)


def test_a_retired_choice_stays_and_is_given_to_nobody(session: Session, fields: Mapping[str, str]) -> None:
    risk, note = fields["Risk"], fields["Note"]
    holder = clients.add(session, {"display_name": "Peña SA", risk: "High"})
    other = clients.add(session, {"display_name": "Mar SL", risk: "Low"})
    field = own_fields.field_by_name(session, "Risk")
    own_fields.retire_choice(session, field.id, own_fields.choice_by_name(field, "High").id)
    refused = r"^“High” is a retired choice of Risk, and nobody takes it\. There are: Low\.$"
    for change in (
        lambda: clients.edit(session, other, {risk: "high"}),
        lambda: clients.add(session, {"display_name": "Sol SL", risk: "High"}),
        lambda: bulk_kinds.edits(session, [FieldEdit(risk, How.SET, "High")], 2),
    ):
        with pytest.raises(Refused, match=refused):
            change()
    own_fields.retire_choice(session, field.id, own_fields.choice_by_name(field, "Low").id)
    with pytest.raises(Refused, match="There are: none"):
        clients.edit(session, other, {risk: "High"})
    own_fields.restore_choice(session, field.id, own_fields.choice_by_name(field, "Low").id)
    edited = clients.edit(session, holder, {risk: "High", note: "kept"})
    assert (edited.values[risk], edited.values[note]) == ("High", "kept")
    assert sound(session)
    clients.edit(session, edited, {risk: "Low"})
    take_back(session)
    assert clients.get(session, holder.id).values[risk] == "High"


def test_a_renamed_tag_is_one_row(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "tags": "VIP"})
    version = clients.get(session, client.id).version
    tags.rename_tag(session, tags.tags(session)[0], "Gold")
    renamed = clients.get(session, client.id)
    assert (renamed.values["tags"], renamed.version) == ("Gold", version)


@pytest.mark.parametrize("own", ['{"999":"x"}', '{"tags":[999]}', '{"1":"a\\u001bb"}', '{"1":"' + "x" * 300 + '"}'])
def test_the_database_refuses_what_no_field_may_have(session: Session, fields: Mapping[str, str], own: str) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    with bare(session.location) as other, pytest.raises(REFUSED_BY_DATABASE):
        other.execute(f"UPDATE client SET own = '{own}', version = version + 1 WHERE id = {client.id}")  # noqa: S608


def test_check_finds_an_index_that_does_not_fit(session: Session, fields: Mapping[str, str]) -> None:
    clients.add(session, {"display_name": "Peña SA", fields["Note"]: "a"})
    assert sound(session)
    tamper(session.location, "client_own", "UPDATE client_own SET value = 'b'")
    findings = [finding.sentence for finding in checking.check_firm(session) if not finding.sound]
    assert len(findings) == 1
    assert "what the index says of the own fields is not what stands there" in findings[0]


NAMES = ("Note", "Retainer", "Risk", "tags")
VALUES = {
    "Note": st.sampled_from(["", "a", "B", "Ñandú", "007", "7"]),
    "Retainer": st.sampled_from(["", "1", "-2", "10.5"]),
    "Risk": st.sampled_from(["", "High", "Low"]),
    "tags": st.sampled_from(["", "VIP", "VIP, moroso", "moroso"]),
}
Step = str | tuple[int, dict[str, str]]
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 1), st.fixed_dictionaries({}, optional=VALUES).filter(bool)),
        st.just("undo"),
    ),
    max_size=8,
)


@pytest.mark.long("chance")
@given(steps=STEPS)
def test_patches_undo_and_index_agree_with_a_plain_model(location: str, steps: list[Step]) -> None:
    with opening.open_firm(location, ADMIN) as session:
        _walk(session, steps)


def _walk(session: Session, steps: list[Step]) -> None:
    known = {field.name: field for field in own_fields.own_fields(session)}
    for name in NAMES[:-1]:
        if name not in known:
            choices = ["High", "Low"] if KINDS[name] is OwnKind.CHOICE else []
            known[name] = own_fields.add_field(session, name, KINDS[name], choices=choices)
    internal = {name: "tags" if name == "tags" else f"own_{known[name].id}" for name in NAMES}
    ids = [clients.add(session, {"display_name": name}).id for name in ("Peña SA", "Mar SL")]
    model = {client_id: dict.fromkeys(NAMES, "") for client_id in ids}
    done: list[dict[int, dict[str, str]]] = []
    for step in steps:
        if isinstance(step, str):
            if done:
                take_back(session)
                model = done.pop()
        else:
            which, typed = step
            client = clients.get(session, ids[which])
            before = {client_id: dict(values) for client_id, values in model.items()}
            model[ids[which]].update(
                {name: ", ".join(sorted(text.split(", "), key=str.lower)) for name, text in typed.items()}
            )
            saved = clients.save(session, client, {internal[name]: text for name, text in typed.items()})
            if saved.written:
                done.append(before)
        for client_id, values in model.items():
            present = clients.get(session, client_id)
            assert {name: present.values.get(internal[name], "") for name in NAMES} == values
    expected = set()
    for client_id in ids:
        (own,) = session.engine.sql("SELECT own FROM client WHERE id = ?", (client_id,)).fetchone()
        for key, value in json.loads(own).items():
            expected |= (
                {(0, client_id, str(tag)) for tag in value} if key == "tags" else {(int(key), client_id, str(value))}
            )
    assert {row for row in indexed(session) if row[1] in ids} == expected
    assert sound(session)


def test_text_and_back() -> None:
    values: dict[str, Value] = {"own_5": "x", "own_12": 3, "tags": "#1,#3"}
    assert unpacked(packed(values)) == values
    assert unpacked("no json") == unpacked("[1]") == unpacked(None) == {}
    numbers = ["-10", "-9.5", "-1", "0", "0.5", "2", "10", "100.25"]
    assert sorted(set(numbers), key=sort_key) == numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1.250,50", "1250.5"), ("1,250.50", "1250.5"), ("1 250", "1250"), ("-0,5", "-0.5"), ("0,125", "0.125"), ("1,234", None), ("x", None), ("1" * 21, None), ("-0", "0"), ("+3.", "3")],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, number: str | None) -> None:
    assert number_from(typed) == number


def test_days_as_people_type_them() -> None:
    assert dates_from("2026-2-3") == ("2026-02-03",)
    assert dates_from("13.02.2026") == ("2026-02-13",)
    assert dates_from("31/02/2026") == dates_from("soon") == ()


def test_own_fields_and_tags_of_many_at_once(session: Session, fields: Mapping[str, str]) -> None:
    first = clients.add(session, {"display_name": "Peña SA", "tags": "VIP, moroso"})
    second = clients.add(session, {"display_name": "Mar SL"})
    wanted = [
        FieldEdit(fields["Retainer"], How.SET, "1,5"),
        FieldEdit(fields["Risk"], How.SET, "low"),
        FieldEdit("tags", How.ADD, "vip"),
    ]
    change = bulk_kinds.edits(session, wanted, 2)
    planned = bulk_changes.plan(session, [first.id, second.id], change)
    assert planned is not None
    changes_by_name = {
        row.name: {step.title: step.new for step in row.differences}
        for row in bulk_plan_rows.plan_rows(session, planned, 0, 9)
    }
    assert changes_by_name == {
        "Peña SA": {"Retainer": "1.5", "Risk": "Low"},
        "Mar SL": {"Retainer": "1.5", "Risk": "Low", "Tags": "VIP"},
    }
    assert bulk_changes.BulkJob(planned).run(session).changed == 2
    assert clients.get(session, first.id).values["tags"] == "moroso, VIP"
    take_back(session)
    assert clients.get(session, second.id).values == {**second.values, "tags": ""}
    removed = bulk_kinds.edits(session, [FieldEdit("tags", How.REMOVE, "VIP")], 1)
    without = bulk_changes.plan(session, [first.id], removed)
    assert without is not None
    bulk_changes.BulkJob(without).run(session)
    assert clients.get(session, first.id).values["tags"] == "moroso"
    for wrong in (FieldEdit("tags", How.REMOVE, "nobody's"), FieldEdit(fields["Risk"], How.SET, "none")):
        with pytest.raises(Refused):
            bulk_kinds.edits(session, [wrong], 2)


def test_a_list_goes_on_when_a_field_of_it_is_retired(session: Session, fields: Mapping[str, str]) -> None:
    client = clients.add(session, {"display_name": "Peña SA", fields["Note"]: "a"})
    own_fields.retire_field(session, own_fields.field_by_name(session, "Note").id)
    query = ClientQuery().sorted_by(fields["Note"])
    (row,) = clients.window(session, query, ["display_name", fields["Note"]], 0, 9)
    assert row.values == ("Peña SA", "")
    assert clients.position(session, query, client.id) == 0
    with pytest.raises(Refused, match=r".") as refused:
        clients.count(session, query.with_filter(Filter(fields["Note"], Op.IS, ("a",))))
    assert refused.value.message.startswith("Note is retired: nothing is looked for in it.")
