"""A client list against the firm: what each row makes of which client, or why it is refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.cli.cures import with_cure
from clientdesk.desk import clients, team
from clientdesk.desk.imports.client_drafts import client_drafts
from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.lookalikes import Lookalikes
from clientdesk.desk.imports.prepared_rows import prepare
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain import rules
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.import_decisions import ADD, SKIP, of_duplicate, of_name
from clientdesk.domain.judged_row import Draft
from clientdesk.store import patches
from clientdesk.text import is_control


def code(values: Mapping[str, str]) -> str:
    """The code of a row's own problem, "" for none."""
    refusal = prepare(values).problem
    return refusal.code if refusal else ""


@reads
def look_all(
    session: Session, rows: Sequence[Mapping[str, str]], how: ClientSetup, lookalikes: Lookalikes | None = None
) -> list[Draft]:
    prepared = [prepare(row) for row in rows]
    assert [prepared_row.problem for prepared_row in prepared] == [None] * len(rows)
    return client_drafts(
        session, list(enumerate([prepared_row.values for prepared_row in prepared], 1)), how, lookalikes
    )


ADDING = ClientSetup()


def look(session: Session, how: ClientSetup = ADDING, lookalikes: Lookalikes | None = None, /, **values: str) -> Draft:
    return look_all(session, [values], how, lookalikes)[0]


def refused(draft: Draft) -> str:
    assert draft.problem is not None
    assert draft.problem.message
    return draft.problem.code


def notices(draft: Draft) -> list[str]:
    assert all(notice.message and notice.warning for notice in draft.notices)
    return [notice.code for notice in draft.notices]


@pytest.fixture
def pena(session: Session) -> Client:
    """A client that is there."""
    values = {
        "display_name": "Construcciones Peña SL",
        "client_number": "C-1",
        "email": "hola@pena.es",
        "phone": "+34 912 345 678",
        "tax_id": "A13585625",
        "lead": "Ana García",
    }
    return clients.add(session, values)


# --- one row by itself


def test_values_are_tidied_as_when_they_are_typed() -> None:
    prepared = prepare(
        {
            "display_name": "  Peña \u00a0  SL ",
            "client_number": "007",
            "notes": "one \r\n two\t",
            "fiscal_year_end": "3-31",
            "email": " a@b.es ",
        }
    )
    assert prepared.values == {
        "display_name": "Peña SL",
        "client_number": "007",
        "notes": "one\n two",
        "fiscal_year_end": "03-31",
        "email": "a@b.es",
    }
    assert (prepared.problem, prepared.notices) == (None, ())


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"display_name": "a\x1b]0;x\x07"}, "control_character"),
        ({"display_name": "a\nb"}, ""),
        ({"client_number": "a\tb"}, ""),
        ({"display_name": "a\x1fb"}, "control_character"),
        ({"client_number": "C\u200b1"}, "invisible_character"),
        ({"client_number": "C\u3164"}, "invisible_character"),
        ({"display_name": "a\u200db"}, ""),
        ({"display_name": "x" * 201}, "too_long"),
        ({"client_number": "x" * 101}, "number_too_long"),
        ({"client_number": "x" * 100}, ""),
        ({"email": "nobody"}, ""),
        ({"email": "a@b.test"}, ""),
        ({"fiscal_year_end": "31-13"}, "fiscal_year_end"),
        ({"fiscal_year_end": "5/6"}, "ambiguous_date"),
        ({"status": "prospect"}, "not_a_choice"),
        ({"email": "nobody", "display_name": "\x00"}, "control_character"),
        ({"display_name": "", "email": ""}, ""),
        ({"notes": "a\x0bb"}, "control_character"),
    ],
)
def test_why_a_row_is_refused_by_itself(values: dict[str, str], wanted: str) -> None:
    assert code(values) == wanted


def test_phones_and_tax_ids_that_look_wrong_are_notices() -> None:
    prepared = prepare({"phone": "call me", "mobile": "912 345 678", "tax_id": "banana", "country": "ES"})
    assert prepared.problem is None
    assert [(notice.code, notice.field) for notice in prepared.notices] == [("phone", "phone"), ("tax_id", "tax_id")]


@pytest.mark.parametrize("cell", ["pedir", "sin@", "ana at x.example", "ana@@x.example", "x" * 300])
def test_a_cell_without_an_address_never_costs_the_client(cell: str) -> None:
    prepared = prepare({"display_name": "Sol SL", "email": cell})
    assert prepared.problem is None
    assert prepared.values == {"display_name": "Sol SL"}  # absent: a client that is there keeps its own
    assert [(notice.code, notice.field) for notice in prepared.notices] == [("left_out", "email")]
    assert prepare({"phone": "9" * 300}).problem is None


def test_our_own_download_keeps_its_addresses() -> None:
    assert prepare({"email": "*a@x.example"}).values["email"] == "a@x.example"
    assert prepare({"email": "*a@x.example"}, as_kept=True).values["email"] == "*a@x.example"


def test_text_that_may_deceive_is_a_notice() -> None:
    prepared = prepare({"display_name": "Сompany", "client_number": "=1+1"})
    assert [notice.code for notice in prepared.notices] == ["mixed_script", "formula_like"]


@pytest.mark.parametrize(
    ("field", "text", "stored"),
    [
        ("status", "ACTIVE", "active"),
        ("status", "Inactivo", "inactive"),
        ("subscription", "quickbooks plus", "plus"),
        ("subscription", "Simple Start", "simple_start"),
        ("subscription", "None", "none"),
        ("billed_to", "Firm's plan", "firm"),
        ("billed_to", "Cliente", "client"),
        ("billed_to", "nadie", "none"),
        ("primary_admin", "Firm (hand-over requested)", "requested"),
    ],
)
def test_choices_by_word_or_label_in_both_languages(field: str, text: str, stored: str) -> None:
    prepared = prepare({field: text})
    assert (prepared.values[field], prepared.problem) == (stored, None)


LINE_ENDS = "\t\r\n\u2028\u2029"
READ_OTHERWISE = ("email", "phone", "mobile", "fiscal_year_end")
"""Fields of which a file says more than is kept."""


@given(st.dictionaries(st.sampled_from(BUILT_IN.names), st.text(max_size=40)))
def test_it_is_the_same_as_the_slow_rules(values: dict[str, str]) -> None:
    prepared = prepare(values)
    if prepared.problem is None:
        for name, value in values.items():
            field = BUILT_IN.by_name[name]
            breaks = "\r\n\t" if name == "notes" else LINE_ENDS
            assert not any(is_control(each) and each not in breaks for each in value)
            if name not in READ_OTHERWISE and not field.choices and (value or name != "display_name"):
                kept = rules.tidy(field, value)
                assert prepared.values[name] == kept or (name == "display_name" and not kept)
                wrong = rules.check_field(field, kept, {"country": values.get("country", "").strip()})
                assert wrong is None or wrong.warning or wrong.code == "required"
    else:
        assert not prepared.problem.warning


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"business_name": "Peña SL", "email": "a@b.es"}, "Peña SL"),
        ({"contact_first_name": "Ana", "contact_last_name": "García", "email": "a@b.es"}, "Ana García"),
        ({"contact_last_name": "García"}, "García"),
    ],
)
def test_a_row_without_a_display_name_takes_another_name(session: Session, values: dict[str, str], name: str) -> None:
    assert look(session, **values).values["display_name"] == name


@pytest.mark.parametrize(
    "values",
    [
        {"display_name": " ", "email": "a@b.es"},
        {"contact_first_name": "Ana", "email": "a@b.es"},
        {"phone": "912345678"},
    ],
)
def test_nobody_is_named_by_an_address_or_a_first_name(session: Session, values: dict[str, str]) -> None:
    assert refused(look(session, **values)) == "no_name"


def test_a_taken_name_never_overwrites_a_display_name(session: Session, pena: Client) -> None:
    values = {"company_id": pena.values["company_id"], "display_name": "", "business_name": "Peña e Hijos SL"}
    assert look(session, ClientSetup(key="company_id"), **values).values == {"business_name": "Peña e Hijos SL"}


# --- new clients


def test_a_new_client_has_every_value(session: Session) -> None:
    draft = look(session, display_name="Ríos", client_type="BUSINESS", lead="ana garcia", client_number="R-1")
    assert draft.problem is None
    values = {"display_name": "Ríos", "client_type": "Business", "lead": "Ana García", "client_number": "R-1"}
    assert draft.values == {**BUILT_IN.empty, **values}
    assert (draft.client_id, draft.identity, draft.claim, draft.holder) == (0, "", "r-1", 0)
    assert look(session, display_name="x", company_id="123").identity == "new:123"
    assert look(session, display_name="x").values["lead"] == ""
    assert look(session, display_name="x", lead="ana").values["lead"] == "Ana García"


def test_why_a_new_client_is_refused(session: Session, pena: Client) -> None:
    assert refused(look(session, client_number="1")) == "no_name"
    assert refused(look(session, display_name="x", company_id=pena.values["company_id"])) == "company_id_taken"
    assert refused(look(session, display_name="x", billed_to="firm")) == "plan_without_subscription"
    assert refused(look(session, display_name="x", client_type="Club", lead="Nobody")) == "unknown_client_type"
    assert refused(look(session, display_name="x", lead="Nobody")) == "unknown_lead"


def test_a_number_that_another_client_bears_is_told(session: Session, pena: Client) -> None:
    draft = look(session, display_name="x", client_number="ｃ-1")
    assert (draft.problem, draft.claim, draft.holder, draft.holder_name) == (
        None,
        "c-1",
        pena.id,
        "Construcciones Peña SL",
    )


def test_a_namesake_is_told(session: Session, pena: Client) -> None:
    drafts = look_all(session, [{"display_name": "construcciones pena sl"}, {"display_name": "x"}], ClientSetup())
    assert [notices(draft) for draft in drafts] == [["same_name"], []]


@pytest.mark.parametrize(
    ("becomes", "wanted"), [("", ""), ("business", "Business"), ("+", "Club"), ("!", None), ("Nothing", None)]
)
def test_what_becomes_of_an_unknown_client_type(session: Session, becomes: str, wanted: str | None) -> None:
    draft = look(session, ClientSetup(types={"Club": of_name(becomes)}), display_name="x", client_type="Club")
    assert (None if draft.problem else draft.values["client_type"]) == wanted


@pytest.mark.parametrize(
    ("becomes", "wanted"), [("", ""), ("ana garcía", "Ana García"), ("+", None), ("!", None), ("Nobody", None)]
)
def test_what_becomes_of_an_unknown_lead(session: Session, becomes: str, wanted: str | None) -> None:
    draft = look(session, ClientSetup(leads={"Bob": of_name(becomes)}), display_name="x", lead="Bob")
    assert (None if draft.problem else draft.values["lead"]) == wanted


@changes("team.deactivated", None)
def deactivate(session: Session, /, member_id: int, version: int) -> None:
    """Makes a member inactive who still leads clients, as the use case would not."""
    assert patches.update(session.engine, "team_member", [patches.Write(member_id, {"active": 0}, {})])


def test_who_is_inactive_leads_on_and_takes_no_new_clients(session: Session) -> None:
    luis = team.add_member(session, "Luis Ortega", "", "luis", Access.FULL)
    client = clients.add(session, {"display_name": "x", "lead": "Luis Ortega"})
    other = clients.add(session, {"display_name": "y"})
    deactivate(session, luis.id, luis.version)
    how = ClientSetup(key="company_id")
    assert look(session, how, company_id=client.values["company_id"], lead="LUIS ORTEGA").values == {}
    assert refused(look(session, how, company_id=other.values["company_id"], lead="Luis Ortega")) == "unknown_lead"
    assert refused(look(session, display_name="z", lead="Luis Ortega")) == "unknown_lead"
    chosen = ClientSetup(leads={"Luis Ortega": of_name("Ana García")})
    assert look(session, chosen, display_name="z", lead="Luis Ortega").values["lead"] == "Ana García"


# --- clients that are there


@pytest.mark.parametrize(
    ("key", "value"),
    [("client_number", "Ｃ-1"), ("display_name", "CONSTRUCCIONES  peña sl"), ("company_id", "")],
)
def test_a_client_is_found_and_only_what_differs_changes(session: Session, pena: Client, key: str, value: str) -> None:
    values = {key: value or pena.values["company_id"], "email": "otra@pena.es", "phone": "", "lead": "ana garcía"}
    draft = look(session, ClientSetup(key=key), **values)
    changed = {"email": "otra@pena.es"}
    if key == "client_number":
        changed["client_number"] = "Ｃ-1"
    if key == "display_name":
        changed["display_name"] = "CONSTRUCCIONES peña sl"
    assert (draft.problem, draft.values) == (None, changed)
    assert draft.before == {name: pena.values[name] for name in changed}
    values_there = {"lead": "Ana García"} | {
        key: pena.values[key] for key in (key,) if key in values and key not in changed
    }
    assert draft.same == {name: kept for name, kept in values_there.items() if name != "company_id"}
    assert (draft.client_id, draft.name) == (pena.id, "Construcciones Peña SL")
    assert draft.identity == f"id:{pena.id}"
    assert (draft.claim, draft.holder, draft.leaves) == ("c-1", pena.id, False)


def test_rows_that_find_no_client_are_added(session: Session, pena: Client) -> None:
    rows = [{"client_number": "C-9", "display_name": "x"}, {"client_number": "", "display_name": "y"}]
    drafts = look_all(session, rows, ClientSetup(key="client_number"))
    assert [(draft.client_id, draft.values["display_name"]) for draft in drafts] == [(0, "x"), (0, "y")]
    drafts = look_all(session, [{"display_name": "Z"}, {"display_name": "z"}], ClientSetup(key="display_name"))
    assert len({draft.identity for draft in drafts}) == 1  # the second would find the first


def test_a_name_that_several_clients_bear_finds_none(session: Session, pena: Client) -> None:
    clients.add(session, {"display_name": "construcciones peña SL"})
    draft = look(session, ClientSetup(key="display_name"), display_name="Construcciones Peña SL")
    assert refused(draft) == "ambiguous_name"
    assert pena.values["company_id"] in str(draft.problem and draft.problem.message)


def test_blank_cells_clear_only_what_they_may(session: Session, pena: Client) -> None:
    cells = {"company_id": pena.values["company_id"], "phone": "", "email": "", "client_number": "", "display_name": ""}
    assert look(session, ClientSetup(key="company_id"), **cells).values == {}
    how = ClientSetup(key="company_id", clears=frozenset(["phone", "client_number", "website"]))
    draft = look(session, how, **cells)
    assert draft.values == {"phone": "", "client_number": ""}
    assert (draft.claim, draft.holder, draft.leaves) == ("", 0, True)
    how = ClientSetup(key="company_id", clears=frozenset(["display_name"]))
    assert refused(look(session, how, company_id=pena.values["company_id"], display_name="")) == "required"


def test_numbers_move(session: Session, pena: Client) -> None:
    other = clients.add(session, {"display_name": "Ríos", "client_number": "C-2"})
    rows = [
        {"company_id": pena.values["company_id"], "client_number": "C-2"},
        {"company_id": other.values["company_id"], "client_number": "C-1"},
    ]
    drafts = look_all(session, rows, ClientSetup(key="company_id"))
    assert [(draft.claim, draft.holder, draft.holder_name, draft.leaves) for draft in drafts] == [
        ("c-2", other.id, "Ríos", True),
        ("c-1", pena.id, "Construcciones Peña SL", True),
    ]


def test_a_company_id_never_changes(session: Session, pena: Client) -> None:
    draft = look(session, ClientSetup(key="client_number"), client_number="C-1", company_id="9130")
    assert refused(draft) == "company_id_differs"


def test_status_and_plan(session: Session, pena: Client) -> None:
    how, company_id = ClientSetup(key="company_id"), pena.values["company_id"]
    assert look(session, how, company_id=company_id, status="Inactivo").values == {"status": "inactive"}
    clients.edit(session, pena, {"subscription": "plus"})
    assert look(session, how, company_id=company_id, subscription="None").values == {"subscription": ""}
    assert look(session, how, company_id=company_id, subscription="").values == {}
    clients.set_status(session, [pena.id], False)
    assert notices(look(session, how, company_id=company_id, city="Vigo")) == ["client_inactive"]
    assert notices(look(session, how, company_id=company_id, status="active")) == []


# --- likely duplicates


def test_likely_duplicates_are_skipped_added_or_merged(session: Session, pena: Client) -> None:
    index = Lookalikes.of(session)
    row = {"display_name": "Construciones Pena, S.L.", "city": "Vigo", "email": "", "company_id": "9130"}
    own = look(session, ClientSetup(), index, **row)
    assert (own.skipped, notices(own)) == (False, ["likely_duplicate"]), "its Company ID says that it is another one"
    skipped = look(session, ClientSetup(), index, **{**row, "company_id": ""})
    assert (skipped.skipped, notices(skipped)) == (True, ["likely_duplicate"])
    assert skipped.notices[0].values["company_id"] == pena.values["company_id"]
    assert skipped.notices[0].values["name"] == "Construcciones Peña SL"
    for how in (ClientSetup(duplicate_default=ADD), ClientSetup(duplicates={1: ADD})):
        added = look(session, how, index, **row)
        assert (added.skipped, added.client_id, notices(added)) == (False, 0, ["likely_duplicate"])
        assert added.values["city"] == "Vigo"
    how = ClientSetup(duplicates={1: of_duplicate(f"merge:{pena.values['company_id']}")}, clears=frozenset(["email"]))
    for given_index in (index, None):  # what was decided counts without the index too
        merged = look(session, how, given_index, **row)
        assert (merged.client_id, merged.problem) == (pena.id, None)
        assert merged.values == {"display_name": "Construciones Pena, S.L.", "city": "Vigo"}
        assert "company_id_kept" in notices(merged)
    assert not look(session, ClientSetup(), None, **row).skipped
    assert look(session, ClientSetup(duplicates={1: SKIP}), None, **row).skipped


def test_merging_into_nobody_is_refused(session: Session) -> None:
    assert (
        refused(look(session, ClientSetup(duplicates={1: of_duplicate("merge:L0")}), display_name="x"))
        == "unknown_company_id"
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"display_name": "x", "email": "HOLA@pena.es"}, "email"),
        ({"display_name": "x", "tax_id": "a-13585625"}, "tax_id"),
        ({"display_name": "Peña Construcciones"}, "display_name"),
    ],
)
def test_by_what_a_row_resembles_a_client(session: Session, pena: Client, values: dict[str, str], field: str) -> None:
    draft = look(session, ClientSetup(), Lookalikes.of(session), **values)
    assert [(notice.code, notice.field) for notice in draft.notices] == [("likely_duplicate", field)]


def test_a_client_that_is_found_is_no_duplicate(session: Session, pena: Client) -> None:
    index = Lookalikes.of(session)
    clients.add(session, {"display_name": "Peña Construcciones"})
    draft = look(
        session, ClientSetup(key="client_number"), index, client_number="C-1", display_name="Construcciones Peña SL"
    )
    assert (draft.values, draft.notices, draft.skipped) == ({}, (), False)


THOUSAND = [{"client_number": f"N-{n}", "display_name": f"Client {n}", "lead": "Ana García"} for n in range(1_000)]


@pytest.fixture
def asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the firm's database runs."""
    statements: list[str] = []
    run: Callable[..., object] = session.engine.db.execute_sql

    def counted(statement: str, *parameters: Any) -> object:
        statements.append(statement)
        return run(statement, *parameters)

    monkeypatch.setattr(session.engine.db, "execute_sql", counted)
    return statements


def test_a_thousand_rows_take_a_few_statements(session: Session, pena: Client, asked: list[str]) -> None:
    index = Lookalikes.of(session)
    asked.clear()
    assert len(look_all(session, THOUSAND, ClientSetup(key="client_number"), index)) == 1_000
    assert 1 < len(asked) <= 12


def test_a_firm_without_clients_is_not_asked_for_a_row(session: Session, asked: list[str]) -> None:
    drafts = look_all(session, THOUSAND, ClientSetup(key="client_number"))
    assert (len(drafts), [draft.problem for draft in drafts if draft.problem]) == (1_000, [])
    assert sum('FROM "client" ' in each or 'FROM "clientdesk"."client" ' in each for each in asked) == 1


# --- what only the plan changes


@pytest.mark.parametrize(
    ("first", "cell", "words"),
    [
        ({}, {"billed_to": "firm"}, "clientdesk plan on {key} --subscription NAME"),
        ({"subscription": "plus", "billed_to": "firm"}, {"billed_to": "client"}, "clientdesk plan off {key}"),
        ({"subscription": "plus", "billed_to": "firm"}, {"billed_to": "nadie"}, "clientdesk plan --help"),
        ({"primary_admin": "firm"}, {"primary_admin": "requested"}, "clientdesk plan hand-over {key}"),
        ({"primary_admin": "firm"}, {"primary_admin": "client"}, "clientdesk plan hand-over {key}"),
        ({"primary_admin": "requested"}, {"primary_admin": "Client"}, "clientdesk plan accept {key}"),
        ({"primary_admin": "requested"}, {"primary_admin": "firm"}, "clientdesk plan cancel {key}"),
        ({}, {"primary_admin": "firm"}, "clientdesk plan --help"),
    ],
)
def test_of_a_client_that_is_there_only_the_plan_changes_who_pays_and_who_is_admin(
    session: Session, first: dict[str, str], cell: dict[str, str], words: str
) -> None:
    company_id = clients.add(session, {"display_name": "Sol SA", **first}).values["company_id"]
    draft = look(session, ClientSetup(key="company_id"), company_id=company_id, city="Vigo", **cell)
    assert (draft.problem, dict(draft.values)) == (None, {"city": "Vigo"})
    (notice,) = draft.notices
    assert (notice.code, notice.field) == ("left_to_plan", next(iter(cell)))
    assert words.format(key=company_id) in with_cure(notice)
    same = {name: first[name] for name in cell if name in first}
    assert look(session, ClientSetup(key="company_id"), company_id=company_id, **same).notices == ()


def test_a_new_client_may_come_with_them(session: Session) -> None:
    draft = look(session, display_name="Sol SA", billed_to="firm", subscription="plus", primary_admin="requested")
    assert (draft.values["billed_to"], draft.values["primary_admin"], draft.notices) == ("firm", "requested", ())


def test_a_merge_and_a_clear_leave_them_alone(session: Session) -> None:
    whole = {"display_name": "Sol SA", "subscription": "plus", "billed_to": "firm", "primary_admin": "firm"}
    company_id = clients.add(session, whole).values["company_id"]
    how = ClientSetup(key="company_id", clears=frozenset(["billed_to", "primary_admin"]))
    draft = look(session, how, company_id=company_id, billed_to="", primary_admin="")
    assert (dict(draft.values), notices(draft)) == ({}, ["left_to_plan", "left_to_plan"])
    merged = look(
        session,
        ClientSetup(duplicates={1: of_duplicate(f"merge:{company_id}")}),
        display_name="Sol SA",
        primary_admin="client",
    )
    assert (dict(merged.values), notices(merged)) == ({}, ["left_to_plan"])
