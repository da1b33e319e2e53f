"""Fields of the firm's own: made, changed, put in order, retired, brought back; their choices."""

import pytest
from peewee import PeeweeException

from clientdesk.desk import clients, own_fields, own_rules, undoing
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.own_fields import MOST_FIELDS, OwnField, OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.store import patches as rows
from tests.conftest import At
from tests.desk.undone import do_again, firm_of, take_back
from tests.store.both import REFUSED_BY_DATABASE, on_one_engine


def names(session: Session, retired: bool = False) -> list[str]:
    return [field.name for field in own_fields.own_fields(session) if field.retired is retired]


def wrong(session: Session) -> list[str]:
    return [finding.sentence for finding in check_firm(session) if not finding.sound]


def test_a_field_is_made_changed_retired_and_brought_back(session: Session) -> None:
    made = own_fields.add_field(session, " IVA  trimestral\x07 ", OwnKind.YES_NO, section="books", required=True)
    assert made == OwnField(made.id, "IVA trimestral", OwnKind.YES_NO, "books", 16, True, False, 1, False, version=1)
    saved = own_fields.save_field(session, made, {"name": "IVA mensual", "width": 9, "required": 0})
    assert saved.written
    assert saved.field == made._replace(name="IVA mensual", width=9, required=False, version=2)
    assert not own_fields.save_field(session, saved.field, {"width": 9}).written
    assert own_fields.retire_field(session, made.id).retired
    assert (names(session), names(session, retired=True)) == ([], ["IVA mensual"])
    assert not own_fields.restore_field(session, made.id).retired
    for _change in range(4):  # brought back, retired, changed, added
        take_back(session)
    assert own_fields.own_fields(session) == ()
    for _change in range(4):
        do_again(session)
    assert own_fields.own_fields(session) == (saved.field._replace(version=4),)
    assert wrong(session) == []


def test_every_kind_has_what_it_needs(session: Session) -> None:
    for kind in OwnKind:
        added = own_fields.add_field(session, f"Of {kind.value}", kind)
        assert (added.kind, added.section, added.choices) == (kind, "main", ())
        assert (added.required, added.unique, added.retired) == (False, False, False)
    assert names(session) == [f"Of {kind.value}" for kind in OwnKind]


def test_a_field_keeps_its_kind(session: Session) -> None:
    field = own_fields.add_field(session, "Ratio", OwnKind.NUMBER)
    with pytest.raises(Refused, match="Ratio stays a field of the kind Number"):
        own_fields.save_field(session, field, {"kind": "text"})


@on_one_engine
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "The field's name is required."),
        ("\u200b \u2060", "The field's name is required."),
        ("Ci\u200bty", "is what the built-in field City is called"),
        ("x" * 61, "has 61 characters; at most 60 are allowed. Shorten it."),
        ("city", "is what the built-in field City is called"),
        ("CÓDIGO postal", "is what the built-in field Postal code is called"),
        ("Lead", "is what the built-in field Lead accountant is called"),
        ("etiquetas", "is what the built-in field Tags is called"),
        ("own_12", "is how clientdesk itself writes a field"),
        ("Own-12", "is how clientdesk itself writes a field"),
        ("e mail", "is what the built-in field E-mail is called"),
        ("E.mail", "is what the built-in field E-mail is called"),
        ("Tax-id", "is what the built-in field Tax id is called"),
        ("clientnumber", "is what the built-in field Client number is called"),
        ("Fiscal-year_end", "is what the built-in field Fiscal year end is called"),
        ("last change", "is what the built-in field Last change is called"),
        ("Número-de_acta", "There is a field Número de acta already. Give another name."),
        ("Sí=1", "has the sign =, which stands between fields and values. Leave it out."),
        ("A, B", "has the sign ,"),
        ("-Ratio", "has the sign -"),
        ("NUMERO de acta", "There is a field Número de acta already. Give another name."),
        ("Viejo", "There is a field Viejo already, which is retired. Bring it back, or give another name."),
    ],
)
def test_a_name_that_cannot_be_is_refused(session: Session, name: str, sentence: str) -> None:
    own_fields.add_field(session, "Número de acta", OwnKind.TEXT)
    own_fields.retire_field(session, own_fields.add_field(session, "Viejo", OwnKind.TEXT).id)
    other = own_fields.add_field(session, "Otro", OwnKind.TEXT)
    before = firm_of(session)
    with pytest.raises(Refused) as added:
        own_fields.add_field(session, name, OwnKind.TEXT)
    with pytest.raises(Refused) as renamed:
        own_fields.save_field(session, other, {"name": name})
    for refusal in (added.value, renamed.value):
        assert sentence in refusal.message
        assert refusal.problems[0].field == "name"
    assert firm_of(session) == before


def test_no_heading_of_a_built_in_field_is_a_name(session: Session) -> None:
    taken = [
        text for field in BUILT_IN.fields for text in (field.name, field.label, field.short, *field.headings) if text
    ]
    for name in taken:
        with pytest.raises(Refused, match="built-in field"):
            own_fields.add_field(session, name.upper(), OwnKind.TEXT)


def test_what_a_field_cannot_be_is_told(session: Session) -> None:
    with pytest.raises(Refused, match=r"A column is 3 to 120 cells wide, not 2. Give a width in between."):
        own_fields.add_field(session, "Thin", OwnKind.TEXT, width=2)
    with pytest.raises(Refused, match="of the kind Yes or no cannot be unique"):
        own_fields.add_field(session, "Paid", OwnKind.YES_NO, unique=True)
    with pytest.raises(Refused, match="Section: “cellar” is not one of main, contact, address, books, notes"):
        own_fields.add_field(session, "Wine", OwnKind.TEXT, section="cellar")
    with pytest.raises(Refused, match="Ratio is a field of the kind Number: it has no choices"):
        own_fields.add_field(session, "Ratio", OwnKind.NUMBER, choices=["1"])
    with pytest.raises(Refused, match="Risk has a choice High already"):
        own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High", "HIGH"])
    assert own_fields.own_fields(session) == ()


def test_a_firm_has_so_many_fields_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FIELDS == 200
    monkeypatch.setattr(own_rules, "MOST_FIELDS", 12)
    for number in range(12):
        own_fields.add_field(session, f"Field {number}", OwnKind.TEXT)
    with pytest.raises(Refused, match="at most 12 fields of its own"):
        own_fields.add_field(session, "One more", OwnKind.TEXT)
    own_fields.place_fields(session, [own_fields.field_by_name(session, "Field 11").id], None)
    last = own_fields.field_by_name(session, "Field 11")
    own_fields.place_fields(session, [last.id], own_fields.field_by_name(session, "Field 0").id)
    assert names(session)[:3] == ["Field 11", "Field 0", "Field 1"]
    take_back(session)
    assert names(session)[:2] == ["Field 0", "Field 1"]


def test_fields_are_put_in_order(session: Session) -> None:
    a, b, c, d = (own_fields.add_field(session, name, OwnKind.TEXT).id for name in "ABCD")
    own_fields.place_fields(session, [d, a], b)
    assert names(session) == ["D", "A", "B", "C"]
    own_fields.place_fields(session, [d])
    assert names(session) == ["A", "B", "C", "D"]
    changes = session.engine.change_set
    own_fields.place_fields(session, [d])
    assert session.engine.change_set <= changes + 1
    assert c


def test_choices_are_added_renamed_ordered_and_retired(session: Session) -> None:
    field = own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High", "Low"])
    field = own_fields.add_choices(session, field.id, ["Medium"])
    assert [choice.name for choice in field.choices] == ["High", "Low", "Medium"]
    high, low, medium = field.choices
    field = own_fields.place_choices(session, field.id, [medium.id], low.id)
    assert [choice.name for choice in field.choices] == ["High", "Medium", "Low"]
    field = own_fields.rename_choice(session, field.id, high, "Very high")
    with pytest.raises(Refused, match="“High” when it was read, and says “Very high” now"):
        own_fields.rename_choice(session, field.id, high, "Top")
    field = own_fields.retire_choice(session, field.id, medium.id)
    assert [choice.name for choice in field.standing_choices] == ["Very high", "Low"]
    assert [choice.name for choice in field.choices] == ["Very high", "Low", "Medium"]
    with pytest.raises(Refused, match=r"which is retired. Bring it back"):
        own_fields.add_choices(session, field.id, ["MEDIUM"])
    assert len(own_fields.restore_choice(session, field.id, medium.id).standing_choices) == 3
    assert own_fields.choice_by_name(field, "very HIGH").id == high.id
    with pytest.raises(Refused, match=r"Risk has no choice “None”. There are: Very high, Low, Medium"):
        own_fields.choice_by_name(field, "None")
    before = firm_of(session)
    for _change in range(6):
        take_back(session)
    assert own_fields.own_fields(session) == ()
    for _change in range(6):
        do_again(session)
    assert firm_of(session) == before
    assert wrong(session) == []


def test_two_people_who_rename_a_field_meet(session: Session, at_work: At) -> None:
    field, bob = own_fields.add_field(session, "Acta", OwnKind.TEXT), at_work("bob")
    own_fields.save_field(bob, field, {"name": "Libro"})
    with pytest.raises(Refused) as conflict:
        own_fields.save_field(session, field, {"name": "Registro"})
    assert conflict.value.code == "stale"
    assert conflict.value.message == (
        "The field Acta was changed by Bob Test meanwhile. Name said “Acta” when it was read, and says “Libro” now."
    )
    saved = own_fields.save_field(session, field, {"width": 30})
    assert (saved.field.name, saved.field.width, saved.meanwhile, saved.by) == ("Libro", 30, ("name",), "Bob Test")
    assert own_fields.changed_since(session, field).who == "Bob Test"


def test_a_field_that_was_taken_back_is_told(session: Session, at_work: At) -> None:
    bob, field = at_work("bob"), own_fields.add_field(session, "Acta", OwnKind.TEXT)
    take_back(session)
    for change in (
        lambda: own_fields.save_field(bob, field, {"name": "Libro"}),
        lambda: own_fields.retire_field(bob, field.id),
        lambda: own_fields.place_fields(bob, [field.id]),
        lambda: own_fields.add_choices(bob, field.id, ["A"]),
        lambda: own_fields.changed_since(bob, field),
    ):
        with pytest.raises(Refused, match=r"The field Acta was taken back by Ana García. Add it again"):
            change()


def test_undo_does_not_give_a_name_twice(session: Session) -> None:
    field = own_fields.add_field(session, "Acta", OwnKind.TEXT)
    own_fields.save_field(session, field, {"name": "Libro"})
    renaming = session.engine.change_set
    own_fields.add_field(session, "acta", OwnKind.TEXT)
    planned = undoing.plan(session, renaming)
    (conflict,) = planned.conflicts
    assert "acta" in conflict.sentence
    assert wrong(session) == []


def test_who_looks_only_makes_no_field(session: Session, at_work: At) -> None:
    field, eve = own_fields.add_field(session, "Acta", OwnKind.TEXT), at_work("eve", Access.BASIC)
    assert own_fields.own_fields(eve) == (field,)
    with pytest.raises(Refused, match=r"Your access [(]basic[)] does not allow this: change the firm's settings"):
        own_fields.add_field(eve, "Libro", OwnKind.TEXT)


def test_full_members_make_fields_without_rights_on_the_schema(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    field = own_fields.add_field(bob, "Riesgo", OwnKind.CHOICE, choices=["Alto"])
    own_fields.retire_field(bob, field.id)
    take_back(bob)
    take_back(bob)
    assert own_fields.own_fields(session) == ()


def test_the_database_keeps_kind_and_name_by_itself(session: Session) -> None:
    field = own_fields.add_field(session, "Acta", OwnKind.TEXT)
    for wrong in ({"kind": "date"}, {"name": "x" * 61}, {"name": "a\x1b[2J"}, {"section": "cellar"}, {"width": 500}):
        with pytest.raises((*REFUSED_BY_DATABASE, PeeweeException)), session.engine.writing():
            rows.update(
                session.engine, "own_field", [rows.Write(field.id, wrong, {**own_fields.values_of(field), **wrong})]
            )
    assert own_fields.own_fields(session) == (field,)


def test_a_field_becomes_unique_only_where_no_two_clients_have_the_same(session: Session) -> None:
    field = own_fields.add_field(session, "Acta", OwnKind.TEXT)
    name = f"own_{field.id}"
    for client in ("Peña SA", "Mar SL"):
        clients.add(session, {"display_name": client, name: "A-1"})
    with pytest.raises(Refused) as refusal:
        own_fields.save_field(session, field, {"unique": 1})
    assert refusal.value.message == (
        "Acta cannot be unique yet: “A-1” stands with “Peña SA” and with “Mar SL”. Change one of them first."
    )
    clients.edit(session, clients.get(session, 2), {name: ""})
    assert own_fields.save_field(session, field, {"unique": 1}).field.unique


def test_what_is_only_tried_leaves_the_fields_as_they_were(session: Session) -> None:
    field = own_fields.add_field(session, "Acta", OwnKind.TEXT)
    catalogue = session.catalogue
    planned = undoing.latest(session)
    assert planned is not None
    assert planned.can == 1
    assert session.catalogue == catalogue
    assert f"own_{field.id}" in session.catalogue.by_name
    with pytest.raises(Refused, match="has a choice A already"):
        own_fields.add_field(session, "Riesgo", OwnKind.CHOICE, choices=["A", "a"])
    assert session.catalogue == catalogue


def test_a_new_column_has_room_for_its_heading(session: Session) -> None:
    widths = {"Next review": 13, "次回の確認日": 14, "Due": 10, "x" * 60: 24}
    for name, width in widths.items():
        assert own_fields.add_field(session, name, OwnKind.DATE).width == width
