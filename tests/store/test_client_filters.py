"""The same question through SQL, words and the command line's text: against a plain model of it, on both engines."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import client_filters, clients, own_fields
from clientdesk.desk.session import Session
from clientdesk.domain import filter_text, moments
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import EVERYONE, ClientQuery, SortKey
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filter_words import in_words
from clientdesk.domain.filters import REFERENCES, Filter, Op, normal, ops_of, wrong
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.store import beside_orders, walking
from clientdesk.store.filters_to_sql import conditions
from clientdesk.store.models import ClientModel
from tests.conftest import ENGINES
from tests.plain_clients import listed, matches
from tests.store.both import on_server
from tests.store.demo_firms import FirmInMemory, demo_firm, in_memory

TODAY = date(2026, 12, 20)

AWKWARD: Sequence[dict[str, str]] = (
    {"display_name": "Ärzte Íñigo Straße", "notes": "Peña\nllama a las 9", "city": "A Coruña", "client_number": "Ñ-7"},
    {"display_name": "ärzte", "notes": "PENA", "city": "a coruna", "client_number": "ñ-8", "website": "Ñandú.example"},
    {"display_name": "100%_sure", "phone": "+34 (600) 12_34%", "website": "nandu.example", "postal_code": "ÅB 1"},
    {"display_name": "a|b", "city": '"quoted"', "region": "..", "notes": "a..b | c", "postal_code": "ab 1"},
    {"display_name": "山田商店", "notes": "山\u0301", "contact_last_name": "ŁØÐ", "fiscal_year_end": "02-29"},
    {"display_name": "on the plan", "subscription": "plus"},
    {"display_name": "x", "fiscal_year_end": "12-31", "lead": "", "client_type": "", "client_number": "C-10"},
    {"display_name": "X", "fiscal_year_end": "01-15", "client_number": "C-9", "tax_id": "ESB-1", "notes": "?"},
    *({"display_name": name, "notes": name} for name in ("ß", "\ud7ff!", "\U0010ffff\U0010ffff", "X\U0010ffff1", "xz")),
    {"display_name": "@me", "fiscal_year_end": "11-30", "client_number": "C-9a", "website": "ПРИМЕР.РФ"},
)


OWN: Mapping[OwnKind, Sequence[str]] = {
    OwnKind.TEXT: ("", "Ñandú", "nandu", "007", "7", "10", "9.50", "a|b", "-3"),
    OwnKind.NUMBER: ("", "7", "10", "-3", "0.5", "100.25"),
    OwnKind.DATE: ("", "2026-12-20", "2026-12-31", "1999-01-01", "2027-01-02"),
    OwnKind.YES_NO: ("", "yes", "no"),
    OwnKind.CHOICE: ("", "High", "Low"),
    OwnKind.MEMBER: ("", "Ana García"),
    OwnKind.LINK: ("", "https://example.com/Ñ", "example.com"),
}
"""What clients have in an own field of each kind."""


def have_own_fields(session: Session) -> None:
    """Gives the firm a field of each kind, and tags, and the clients something in them."""
    values: dict[str, Sequence[str]] = {"tags": ("", "VIP", "VIP, Late", "Late")}
    for kind, of_kind in OWN.items():
        choices = ("High", "Low", "Unheard of") if kind is OwnKind.CHOICE else ()
        field = own_fields.add_field(session, f"Own {kind.value}", kind, choices=choices)
        values[f"own_{field.id}"] = of_kind
    for place, row in enumerate(clients.window(session, EVERYONE, (), 0, 1_000)):
        own = {name: of_field[(place * 7 + at) % len(of_field)] for at, (name, of_field) in enumerate(values.items())}
        clients.edit(session, clients.get(session, row.id), own)


@pytest.fixture(scope="module", params=ENGINES)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInMemory]:
    """A demo firm with awkward clients, and all of it in memory."""
    with demo_firm(request, tmp_path_factory, 60, AWKWARD) as session:
        session.today = lambda: TODAY
        have_own_fields(session)
        yield in_memory(session)


TURNED = st.sampled_from([str, str.lower, str.upper, str.swapcase])


@st.composite
def filters(draw: st.DrawFn, everything: dict[int, dict[str, str]], catalogue: Catalogue) -> Filter:
    """A filter that makes sense, mostly one that somebody holds."""
    field = draw(st.sampled_from(catalogue.fields))
    op = draw(st.sampled_from(ops_of(field)))
    count = {Op.EMPTY: 0, Op.FILLED: 0, Op.BETWEEN: 2, Op.ONE_OF: draw(st.integers(1, 3))}.get(op, 1)
    if op is Op.IS and field.ordered in ("day", "date") and draw(st.booleans()):
        return Filter(field.name, op, (moments.THIS_MONTH,))
    value = [draw(_values(field, op, everything, catalogue)) for _ in range(count)]
    if op is Op.BETWEEN and wrong(Filter(field.name, op, tuple(value)), catalogue):
        value.reverse()
    return normal(Filter(field.name, op, tuple(value)))


def _values(
    field: Field, op: Op, everything: dict[int, dict[str, str]], catalogue: Catalogue
) -> st.SearchStrategy[str]:
    if field.choices:
        return st.sampled_from([choice.value for choice in field.choices])
    nothing = [""] if op in (Op.IS, Op.IS_NOT, Op.ONE_OF) else []
    if field.kind in REFERENCES:
        return st.sampled_from([*nothing, "1", "2", "3", "9999", *(["@me"] if field.kind is Kind.MEMBER else [])])
    if field.ordered == "day":
        return st.sampled_from([*nothing, "01-15", "02-29", "06-30", "12-31", "@today", "@today+14", "@today-30"])
    if field.ordered in ("date", "decimal"):
        moments_too = ["@today", "@today+14"] if field.ordered == "date" else []
        held = {values[field.name] for values in everything.values()} - {""}
        return st.sampled_from([*nothing, *sorted(held), *moments_too])
    present = st.sampled_from(sorted({values[field.name] for values in everything.values()} - {""}) or ["x"])
    whole = st.builds(lambda text, turn: turn(text), present, TURNED)
    part = st.builds(lambda text, start, length: text[start : start + length], whole, st.integers(0, 9), st.integers(1))
    texts = st.one_of(whole, part, st.text(max_size=3), st.sampled_from(["|", "..", '"', "@me", "#1", "=", "%", "_"]))
    op = Op.IS if nothing else Op.CONTAINS
    return texts.filter(lambda text: wrong(Filter(field.name, op, (text,)), catalogue) is None)


@pytest.mark.thorough("chance")
@given(data=st.data())
def test_every_filter_asks_the_same_everywhere(firm: FirmInMemory, data: st.DataObject) -> None:
    session, everything, names = firm
    chosen = data.draw(st.lists(filters(everything, names.catalogue), min_size=1, max_size=3).map(tuple))
    find = data.draw(st.sampled_from(["", "", "a", "an"]))
    query = ClientQuery(chosen, find)
    assert [wrong(on, names.catalogue) for on in chosen] == [None] * len(chosen)
    plain = query._replace(filters=moments.resolved(chosen, names.catalogue, session.me.id, TODAY))
    assert [row.id for row in clients.window(session, query, (), 0, 1_000)] == listed(everything, plain, names)
    assert clients.count(session, query) == len(listed(everything, plain, names))
    for on in chosen:
        text = filter_text.written(on, names)
        assert filter_text.read(text, names) == on, text
        assert in_words(on, names).startswith(names.field(on.field).short_title)


@pytest.mark.thorough("many")
def test_every_op_of_every_field_tells_clients_apart(firm: FirmInMemory) -> None:
    """What is declared can be asked, of each kind of field: some hold it and some do not."""
    session, everything, names = firm
    some = {"client_number": "c-10", "city": "a coruña", "notes": "pena", "fiscal_year_end": "06-30", "lead": "2"}
    some |= {"subscription": "plus", "client_type": "1", "display_name": "ärzte", "status": "active"}
    parts = [("website", "рф"), ("website", "пример"), ("website", "пример.рф"), ("notes", "a las 9")]
    for name, value in [*some.items(), *parts]:
        for op in ops_of(BUILT_IN.by_name[name]):
            values = {Op.EMPTY: (), Op.FILLED: (), Op.BETWEEN: (value, value), Op.ONE_OF: (value, "")}.get(op, (value,))
            if op is Op.ONE_OF and name == "status":
                values = ("active", "inactive")
            on = Filter(name, op, values)
            held = {client_id for client_id, of_client in everything.items() if matches(of_client, on, names)}
            assert {row.id for row in clients.window(session, EVERYONE.with_filter(on), (), 0, 1_000)} == held, on
            assert held or (name, op) == ("display_name", Op.EMPTY) or (name, value) in parts, on


@pytest.mark.parametrize("field", ["display_name", "notes"])
@pytest.mark.parametrize("begin", ["a", "ß", "\ud7ff", "\U0010ffff", "x\U0010ffff"])
def test_what_starts_so_is_all_that_does(firm: FirmInMemory, field: str, begin: str) -> None:
    """Also at the last signs that there are, behind which the next one is somewhere else or nowhere."""
    session, everything, names = firm
    on = Filter(field, Op.STARTS, (begin,))
    held = {client_id for client_id, values in everything.items() if matches(values, on, names)}
    assert held
    assert {row.id for row in clients.window(session, EVERYONE.with_filter(on), (), 0, 1_000)} == held


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "filter_unreadable"),
        ("city", "filter_unreadable"),
        ("city<=3", "filter_unreadable"),
        ("=3", "filter_unreadable"),
        ("town=Madrid", "unknown_field"),
        ("city<M", "filter_op"),
        ("status~act", "filter_op"),
        ("status=", "not_a_choice"),
        ("lead^=A", "filter_op"),
        ("fiscal_year_end~12", "filter_op"),
        ("city~", "filter_value_missing"),
        ("client_number=C-1..", "filter_value_missing"),
        ("city~a|b", "filter_one_value"),
        ("city!=a|b", "filter_one_value"),
        ('city="a" b', "filter_quote"),
        ('city="a', "filter_not_closed"),
        ('city=b|"a', "filter_not_closed"),
        ("client_number=C-9..C-1", "filter_span"),
        ("changed=@today-1..@today-7", "filter_span"),
        ("changed=@today..@today-5", "filter_span"),
        ("changed=2026-12-31..2026-12-01", "filter_span"),
        ("client_number=1..2..3", "filter_unreadable"),
        ("status=gone", "not_a_choice"),
        ("lead=Nobody Known", "filter_lead"),
        ("client_type=Club", "filter_client_type"),
        ("client_type=@me", "filter_client_type"),
        ('lead="@me"', "filter_lead"),
        ("city=@me", "filter_word_of_others"),
        ("city!=@today+14", "filter_word_of_others"),
        ("notes=x|@this_month", "filter_word_of_others"),
        ("lead=#99999999999999999999", "filter_reference"),
        ("fiscal_year_end=13-40", "fiscal_year_end"),
        ("fiscal_year_end=@tomorrow", "unknown_moment"),
        ("fiscal_year_end!=@this_month", "filter_days"),
        ("fiscal_year_end=3/4", "ambiguous_date"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(firm: FirmInMemory, text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        filter_text.read(text, firm.names)
    assert refusal.value.code == code
    assert refusal.value.message.endswith((".", "?"))
    assert "{" not in refusal.value.message


def test_a_query_from_elsewhere_is_looked_at_before_it_is_asked(firm: FirmInMemory) -> None:
    for on in (Filter("town", Op.IS, ("x",)), Filter("lead", Op.IS, ("x",)), Filter("city", Op.BETWEEN, ("a",))):
        with pytest.raises(Refused):
            clients.count(firm.session, EVERYONE._replace(filters=(on,)))


def test_the_year_has_no_end_between_two_days(firm: FirmInMemory) -> None:
    query = EVERYONE.with_filter(filter_text.read("fiscal_year_end=@today..@today+30", firm.names))
    days = {row.values[0] for row in clients.window(firm.session, query, ("fiscal_year_end",), 0, 1_000)}
    assert {"12-31", "01-15"} <= days <= {"12-31", "01-15"} | {f"12-{day}" for day in range(20, 32)}


@pytest.mark.parametrize(
    "text",
    [
        "status=inactive",
        "billed_to=firm",
        "lead=#1",
        "lead=",
        "client_type=#1|#2",
        "client_number=C-10",
        "client_number=C-1..C-10",
        "display_name=ärzte",
        "display_name^=ärz",
        "city=a coruna|vigo",
        "email^=info",
        "website=ñandú.example",
        "fiscal_year_end=12-01..12-31",
    ],
)
def test_an_index_answers_what_begins_or_is_so(firm: FirmInMemory, text: str) -> None:
    engine = firm.session.engine
    query = ClientModel.select(ClientModel.id).where(*conditions(engine, [filter_text.read(text, firm.names)]))
    sql, parameters = engine.db.get_sql_context().sql(query).query()
    served = on_server(firm.session.location)
    with engine.reading():
        if served:
            engine.sql("SET LOCAL enable_seqscan = off")
        plan_lines = engine.db.execute_sql(f"EXPLAIN {'' if served else 'QUERY PLAN '}{sql}", parameters).fetchall()
    plan = "\n".join(str(row[-1]) for row in plan_lines)
    assert ("Index Cond" if served else "SEARCH t1") in plan, plan
    assert "SCAN t1" not in plan


def test_the_values_of_a_field_are_told_with_how_many_have_them(firm: FirmInMemory) -> None:
    """Each count is what the list would have with a filter on the value."""
    session, everything, names = firm
    for query in (EVERYONE, ClientQuery(find="a"), EVERYONE.with_filter(Filter("city", Op.CONTAINS, ("a",)))):
        clients_listed = [everything[client_id] for client_id in listed(everything, query, names)]
        for field in BUILT_IN.fields:
            counted = client_filters.values(session, query, field.name)
            counts = [count for _value, count in counted]
            assert counts == sorted(counts, reverse=True)
            assert sum(counts) == len(clients_listed), field.name
            for value, count in counted[:3]:
                on = normal(Filter(field.name, Op.IS, (value,)))
                assert count == sum(matches(values, on, names) for values in clients_listed), (field.name, value)


@pytest.mark.parametrize("descending", [False, True])
def test_own_fields_are_orders(firm: FirmInMemory, descending: bool) -> None:
    """From any row on, in the order of the field, who has nothing there last."""
    session, everything, names = firm
    for field in names.catalogue.own.values():
        query = EVERYONE.sorted_by(field.name, descending)
        wanted = listed(everything, query, names)
        assert [row.id for row in clients.window(session, query, (), 0, 1_000)] == wanted, field.label
        assert [row.id for row in clients.window(session, query, (), 20, 9)] == wanted[20:29]
        assert clients.position(session, query, wanted[33]) == 33
        both = query._replace(find="a")
        assert [row.id for row in clients.window(session, both, (), 0, 1_000)] == listed(everything, both, names)


@pytest.mark.parametrize("few", [2_000, 3], ids=["sorted", "along the names"])
@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_a_page_far_down_an_order_by_an_own_field(
    firm: FirmInMemory, few: int, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the nearer end of those who have something, or nothing: where few have the same, and where many do; in lists of
    most clients and of a few."""
    session, everything, names = firm
    monkeypatch.setattr(walking, "NEAR", 0)
    monkeypatch.setattr(beside_orders, "FEW_ALIKE", few)
    most = EVERYONE.with_filter(Filter("lead", Op.ONE_OF, ("1", "2", "3", "5", "6")))  # and some have none
    of_type = EVERYONE.with_value("client_type", "1")
    for label in ("Own text", "Own choice"):
        (field,) = (field for field in names.catalogue.own.values() if field.label == label)
        by_field = SortKey(field.name, descending)
        by_more = [(most, (by_field, SortKey("city", True))), (EVERYONE, (SortKey("lead"), by_field))]
        lists = [*((query, (by_field,)) for query in (EVERYONE, most, of_type, ClientQuery(find="e"))), *by_more]
        for query, sort in lists:
            query = query._replace(sort=sort)
            wanted = listed(everything, query, names)
            for offset in (2, len(wanted) // 3, len(wanted) * 2 // 3):
                with session.engine.writing():
                    pass  # nothing is remembered of the page before
                window = clients.window(session, query, (), offset, 7)
                assert [row.id for row in window] == wanted[offset : offset + 7], (query, offset)
                assert clients.position(session, query, wanted[offset]) == offset


@pytest.mark.parametrize(
    "span", ["@today-7..@today", "@today-7..2026-12-31", "2026-12-01..@today+7", "@today+5..@today+10"]
)
def test_a_span_of_moments_goes_forward_by_their_days(firm: FirmInMemory, span: str) -> None:
    on = filter_text.read(f"changed={span}", firm.names)
    assert (on.op, len(on.value)) == (Op.BETWEEN, 2)
