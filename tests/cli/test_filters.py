"""`--where` and the other filters: of every command that has a list, and the clients that commands act on."""

from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from tests.cli.conftest import Desk


@pytest.fixture
def firm_of_four(firm: str, desk: Desk) -> Desk:
    """A firm with four clients, of whom one is inactive."""
    fields = ("display_name", "client_number", "city", "client_type", "lead")
    with opening.open_firm(firm) as session:
        added = [
            clients.add(session, dict(zip(fields, values, strict=True)))
            for values in (
                ("Íñigo SL", "C-10", "A Coruña", "Business", "Ana García"),
                ("Inigo Arias", "C-2", "a coruna", "Trust", ""),
                ("Peña | Hijos", "C-3", "Vigo", "Business", ""),
                ("Zoë", "", "", "", "Ana García"),
            )
        ]
        clients.set_status(session, [added[2].id], active=False)
    return desk


def names(desk: Desk, *options: str) -> list[str]:
    ended = desk("list", "--json", *options)
    assert ended.code == 0, ended.err
    return [client["display_name"] for client in ended.records]


def test_where_filters_beside_the_short_forms(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert names(desk, "--where", "city=A CORUNA") == ["Inigo Arias", "Íñigo SL"]
    assert names(desk, "--where", "city=A CORUNA", "--where", "client-number>C-2") == ["Íñigo SL"]
    assert names(desk, "--where", "city=a coruña", "--type", "trust") == ["Inigo Arias"]
    assert names(desk, "--where", "city!=Vigo", "--lead", "ana garcia", "--find", "zo") == ["Zoë"]
    assert names(desk, "--where", "client_number=") == ["Zoë"]
    assert names(desk, "--where", "lead=@me") == names(desk, "--lead", "@me") == ["Íñigo SL", "Zoë"]
    assert names(desk, "--where", "lead=|Ana Garcia", "--where", "client_type=Business|Trust") == [
        "Inigo Arias",
        "Íñigo SL",
    ]


def test_a_country_is_found_as_it_is_written_and_the_help_says_so(desk: Desk) -> None:
    for country in ("ES", "Spain"):
        assert desk("add", f"display_name=In {country}", f"country={country}").code == 0
    assert names(desk, "--where", "country=es") == ["In ES"]
    assert names(desk, "--where", "country=es|spain") == ["In ES", "In Spain"]
    for command in ("list", "edit"):
        assert "such as ES; a filter finds what is written" in " ".join(desk(command, "--help").out.split())


def test_by_itself_a_list_has_the_active_clients(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert names(desk, "--where", "city=Vigo") == []
    assert names(desk, "--where", "city=Vigo", "--status", "all") == ["Peña | Hijos"]
    assert names(desk, "--where", 'display_name="Peña | Hijos"', "--status", "inactive") == ["Peña | Hijos"]
    assert names(desk, "--where", "status=inactive") == ["Peña | Hijos"]
    assert names(desk, "--where", "status=inactive", "--status", "active") == []


def test_a_list_is_sorted_by_several_fields(firm_of_four: Desk) -> None:
    by = ("--status", "all", "--sort", "client_type,-client_number")
    assert names(firm_of_four, *by) == ["Íñigo SL", "Peña | Hijos", "Inigo Arias", "Zoë"]
    assert firm_of_four("list", "--sort", "client_type,town").code == 2


def test_the_same_filters_choose_what_is_exported_and_transferred(firm_of_four: Desk, tmp_path: Path) -> None:
    desk = firm_of_four
    where = ("--where", "city^=a cor", "--where", "client_number!=C-2")
    assert desk("export", "--columns", "client_number", *where, "--no-bom").lines == ["Client number", "C-10"]
    assert desk("export", "--columns", "client_number", "--where", "city=vigo", "--no-bom").lines[1:] == ["C-3"]
    other = str(tmp_path / "other.db")
    opening.create_firm(other, "Norte", "Ana García").close()
    assert desk("transfer", "--to", other, *where, "--yes").code == 0
    assert names(desk, "--firm", other) == ["Íñigo SL"]


@pytest.mark.parametrize("command", [("list",), ("export",), ("transfer", "--to", "x"), ("deactivate",), ("activate",)])
def test_what_is_no_filter_is_wrong_usage_before_a_firm_is_opened(desk: Desk, command: tuple[str, ...]) -> None:
    for text, sentence in (
        ("city", "“city” is no filter. Write a field, a sign and a value: city=Madrid."),
        ("lead~ana", "Lead accountant is not compared by “contains”. Choose one of: is, is not, is one of,"),
    ):
        ended = desk(*command, "--where", text, "--firm", "/nowhere/at/all.db")
        assert ended.code == 2
        assert sentence in ended.err


@pytest.mark.parametrize("option", ["--where=town=x", "--columns=town", "--sort=town"])
def test_a_field_that_the_firm_has_not_is_wrong_usage(firm_of_four: Desk, option: str) -> None:
    ended = firm_of_four("list", option)
    assert ended.code == 2
    assert "There is no field “town”. There are: client_number, display_name," in ended.err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("status=gone", "Status: “gone” is not one of active, inactive."),
        ("lead=nobody", "“nobody”. Name one who is; “lead=” finds the clients without one."),
        ("client_type=Club", "There is no client type “Club”. There are: Business, Individual,"),
        ("client_type=none", "; “client_type=” finds the clients without one."),
        ("fiscal_year_end=@soon", "Fiscal year end: there is no day “@soon”. There are: @today, @today+14,"),
    ],
)
def test_a_value_that_the_firm_has_not_is_refused(desk: Desk, text: str, sentence: str) -> None:
    ended = desk("list", "--where", text)
    assert (ended.code, ended.out) == (1, "")
    assert sentence in ended.err


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--lead", "nobody", "“unassigned” finds the clients without one."),
        ("--type", "nothing", "“none” finds the clients without one."),
        ("--sort", "", "--sort lacks the name of a field."),
        ("--sort", "city,-", "--sort lacks the name of a field."),
    ],
)
def test_of_an_option_it_is_said_what_may_stand_there(desk: Desk, option: str, value: str, sentence: str) -> None:
    ended = desk("list", f"{option}={value}")
    assert (ended.code, ended.out) == (2 if option == "--sort" else 1, "")
    assert sentence in ended.err


def test_filters_choose_who_is_deactivated(firm_of_four: Desk) -> None:
    desk = firm_of_four
    where = ("deactivate", "--where", "city^=a")
    plan = ["2 clients to deactivate:", "  Inigo Arias (C-2)", "  Íñigo SL (C-10)"]
    ended = desk(*where, "--dry-run")
    assert (ended.code, ended.lines, ended.err) == (0, plan, "")
    ended = desk(*where)
    assert (ended.code, ended.lines, ended.err) == (2, plan, "Nothing was changed. Add --yes to go on.\n")
    assert len(names(desk)) == 3
    ended = desk(*where, "--yes")
    assert (ended.code, ended.lines) == (0, [*plan, "2 clients deactivated."])
    assert names(desk) == ["Zoë"]
    ended = desk(*where, "--status", "all", "--yes")
    assert (ended.code, ended.lines) == (0, ["No client to deactivate.", "2 are inactive already."])
    ended = desk(*where, "--yes")
    assert (ended.code, ended.out, ended.err) == (0, "", "No client is in this list.\n")
    assert desk("undo").code == 0  # both by one
    assert len(names(desk)) == 3


def test_filters_choose_who_is_activated_among_the_inactive(firm_of_four: Desk) -> None:
    ended = firm_of_four("activate", "--type", "business", "--yes")
    assert ended.lines == ["1 client to activate:", "  Peña | Hijos (C-3)", "1 client activated."]
    assert len(names(firm_of_four)) == 4


def test_clients_are_named_or_filtered(desk: Desk) -> None:
    for command in ("deactivate", "activate"):
        assert "Say which clients" in desk(command).err
        ended = desk(command, "C-1", "--type", "Trust")
        assert (ended.code, ended.out) == (2, "")
        assert "not both" in ended.err


@pytest.mark.parametrize(("said", "code", "left"), [(False, 1, 3), (True, 0, 2)])
def test_a_person_is_asked_first(
    firm_of_four: Desk, monkeypatch: pytest.MonkeyPatch, said: bool, code: int, left: int
) -> None:
    monkeypatch.setattr("clientdesk.cli.client_status.answer", lambda _question: said)
    assert firm_of_four("deactivate", "--lead", "unassigned").code == code
    assert len(names(firm_of_four)) == left
