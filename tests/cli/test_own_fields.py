"""The firm's own fields and tags on the command line."""

import pytest

from clientdesk.desk import opening, tags
from tests.cli.conftest import Demoted, Desk
from tests.store.both import on_one_engine


def named(desk: Desk) -> list[str]:
    return [record["name"] for record in desk("fields", "list", "--json").records if not record["retired"]]


@pytest.mark.thorough("steps")
def test_fields_are_added_changed_ordered_retired_and_brought_back(desk: Desk) -> None:
    assert desk("fields").out == ("The firm has no fields of its own. “clientdesk fields add NAME” adds one.\n")
    added = desk("fields", "add", "IVA trimestral", "--kind", "yes/no", "--section", "Books", "--json")
    assert added.records == [
        {
            "field": "own_1",
            "name": "IVA trimestral",
            "kind": "yes_no",
            "section": "books",
            "width": 16,
            "required": False,
            "unique": False,
            "retired": False,
            "choices": [],
        }
    ]
    assert desk("fields", "add", "Acta", "--unique", "--required").out == "Added: Acta\n"
    assert desk("fields", "add", "Riesgo", "--kind", "choice", "--choice", "Alto", "--choice", "Bajo").code == 0
    assert desk("fields").lines == [
        "Name            Kind       Section        Width  Required  Unique  Status  Choices",
        "IVA trimestral  Yes or no  Tax and books  16     no        no      Active",
        "Acta            Text       Client         16     yes       yes     Active",
        "Riesgo          Choice     Client         14     no        no      Active  Alto, Bajo",
    ]
    assert desk("fields", "rename", "ACTA", "Libro").out == "Saved: Libro\n"
    assert desk("fields", "set", "libro", "section=Contact", "required=no", "width=9").out == "Saved: Libro\n"
    assert desk("fields", "set", "libro", "width=9").out == "Nothing was changed.\n"
    assert desk("fields", "order", "riesgo", "libro").out == "In order: Riesgo, Libro, IVA trimestral\n"
    desk("fields", "order", "Riesgo", "--last")
    assert named(desk) == ["Libro", "IVA trimestral", "Riesgo"]
    desk("fields", "order", "Riesgo", "--before", "iva trimestral")
    assert named(desk) == ["Libro", "Riesgo", "IVA trimestral"]
    assert desk("fields", "retire", "libro").out == "Retired: Libro\n"
    assert named(desk) == ["Riesgo", "IVA trimestral"]
    refused = desk("fields", "add", "LIBRO")
    assert refused.code == 1
    assert refused.err == (
        "There is a field Libro already, which is retired. Bring it back, or give another name. "
        "“clientdesk fields restore Libro” does.\n"
    )
    assert desk("fields", "restore", "Libro").out == "Brought back: Libro\n"
    assert desk("fields", "restore", "Libro").out == "Nothing was changed.\n"
    desk("undo", "--yes")
    assert "Libro" not in named(desk)
    assert desk("check").code == 0


def test_choices_of_a_field(desk: Desk) -> None:
    desk("fields", "add", "Riesgo", "--kind", "choice")
    assert desk("fields", "choices", "add", "riesgo", "Alto", "Bajo", "Medio").out == "Riesgo: Alto, Bajo, Medio\n"
    assert (
        desk("fields", "choices", "order", "riesgo", "Medio", "--before", "BAJO").out == "Riesgo: Alto, Medio, Bajo\n"
    )
    assert desk("fields", "choices", "rename", "riesgo", "alto", "Muy alto").out == "Riesgo: Muy alto, Medio, Bajo\n"
    assert desk("fields", "choices", "retire", "riesgo", "medio").out == "Riesgo: Muy alto, Bajo\n"
    again = desk("fields", "choices", "add", "riesgo", "Medio")
    assert "“clientdesk fields choices restore Riesgo Medio” does." in again.err
    listed = desk("fields", "choices", "list", "riesgo", "--json").records
    assert [(record["name"], record["retired"]) for record in listed][-1] == ("Medio", True)
    assert desk("fields", "choices", "restore", "riesgo", "Medio").out == "Riesgo: Muy alto, Medio, Bajo\n"
    assert "Riesgo has no choice “Nulo”." in desk("fields", "choices", "retire", "riesgo", "Nulo").err


@on_one_engine
@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("add", "Ciudad"), 1, "“Ciudad” is what the built-in field City is called. Give the field another name."),
        (("add", "x" * 61), 1, "has 61 characters; at most 60 are allowed. Shorten it."),
        (("add", " "), 1, "The field's name is required."),
        (("add", "A", "--kind", "money"), 2, "'money' is not one of"),
        (("add", "A", "--width", "500"), 2, "“500” is no whole number from 3 to 120."),
        (("add", "A", "--kind", "member", "--unique"), 1, "of the kind Team member cannot be unique"),
        (("add", "A", "--choice", "X"), 1, "it has no choices. Only a choice has them."),
        (("set", "Acta", "kind=date"), 1, "Acta stays a field of the kind Text"),
        (("set", "Acta", "colour=red"), 2, "There are: name, section, width, required, unique.\n"),
        (("set", "Acta", "width=wide"), 1, "A column is 3 to 120 cells wide, not wide. Give a width in between."),
        (("set", "Acta", "required=perhaps"), 1, "Required: “perhaps” is neither yes nor no. Write yes or no."),
        (("set", "Acta", "section=cellar"), 1, "Section: “cellar” is not one of main, contact, address, books, notes."),
        (("set", "Nada", "width=9"), 1, "The firm has no field of its own “Nada”. There are: Acta."),
        (("order", "Acta", "--last", "--before", "Acta"), 2, "Choose one of --before and --last."),
    ],
)
def test_what_cannot_be_is_told_with_what_to_do(
    desk: Desk, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    desk("fields", "add", "Acta")
    ended = desk("fields", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert sentence in ended.err
    assert named(desk) == ["Acta"]


def test_a_yes_or_no_that_was_never_filled_is_blank(desk: Desk) -> None:
    desk("fields", "add", "Audited", "--kind", "yes-no")
    desk("add", "display_name=Uno SL")
    listed = desk("list", "--columns", "display_name,Audited").out
    assert ("Uno SL" in listed, "None" in listed) == (True, False)
    assert "Audited: “@me” is not one of yes, no." in desk("list", "--where", "Audited=@me").err


def test_a_name_steers_no_terminal(desk: Desk) -> None:
    desk("fields", "add", "[/] \x1b[2JActa\u202e")
    assert "\x1b" not in desk("fields").out
    assert named(desk) == ["[/] [2JActa"]


def test_who_looks_only_sees_fields_and_changes_none(desk: Desk, demoted: Demoted) -> None:
    desk("fields", "add", "Acta")
    demoted()
    assert named(desk) == ["Acta"]
    for arguments in (("add", "B"), ("set", "Acta", "width=9"), ("order", "Acta"), ("retire", "Acta")):
        ended = desk("fields", *arguments)
        assert ended.code == 1
        assert "Your access (basic) does not allow this: change the firm's settings. Ask Boss." in ended.err


def test_tags(desk: Desk, firm: str) -> None:
    assert desk("tags").out == "The firm has no tags yet. One is made where somebody types it for a client.\n"
    with opening.open_firm(firm) as session:
        tags.add_tags(session, ["VIP", "Moroso"])
    assert desk("tags").lines == ["Tag     Clients", "Moroso  0", "VIP     0"]
    assert desk("tags", "rename", "vip", "Oro").out == "Saved: Oro\n"
    assert desk("tags", "rename", "Oro", "moroso").code == 1
    assert desk("tags", "delete", "MOROSO").out == "Deleted: Moroso\n"
    assert [record["name"] for record in desk("tags", "list", "--json").records] == ["Oro"]
    assert "There is no tag “Plata”. There are: Oro." in desk("tags", "delete", "Plata").err


def test_tags_are_merged(desk: Desk) -> None:
    for name, of_client in (("A", "VIP"), ("B", "vip, Moroso"), ("C", "VIPs")):
        assert desk("add", f"display_name={name}", f"tags={of_client}").code == 0
    assert desk("tags", "merge", "VIPs", "vip", "--dry-run").out == "1 client would have VIP instead.\n"
    assert desk("tags", "merge", "VIPs", "Moroso", "vip").out == "2 clients have VIP instead.\n"
    assert desk("tags", "--json").code == 2
    assert desk("tags", "list", "--json").records == [{"name": "VIP", "clients": 3}]
    refused = desk("tags", "delete", "VIP")
    assert refused.err == (
        "Clients have the tag VIP (3). Take it off them first, or merge it. “clientdesk tags merge VIP INTO” does.\n"
    )
    assert desk("tags", "merge", "VIP", "VIP").err == "VIP is not merged into itself. Name another tag.\n"
    assert desk("tags", "merge", "VIP").code == 2
    desk("undo", "--yes")
    assert [record["name"] for record in desk("tags", "list", "--json").records] == ["Moroso", "VIP", "VIPs"]
    assert desk("check").code == 0
