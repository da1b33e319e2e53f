"""The same clients in a file and on servers of several collations: the same lists, in the same order, everywhere."""

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clientdesk.desk import client_types, clients, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from tests.many import add_many
from tests.servers import OWNER, Server

PEOPLE = (
    *("Construcciones Íñigo SL", "Peña & Hijos", "PEÑA y Cía", "Ana Muñoz", "Ångström AB", "Œuvre Côté", "Zoë", "Łódź"),
    *("Straße & Söhne", "STRASSE und Sohn", "Strasse", "Maß GmbH", "MASSE", "ẞ Groß", "ſtill", "ﬁne Ltd", "Ⅻ Co"),
    *("İstanbul A.Ş.", "ıstanbul", "Istanbul", "istanbul", "DİYARBAKIR", "Diyarbakır", "i̇", "ǅ", "ǆ", "ß", "İ", "ı"),
    *("山田商店", "山", "山田", "田中 山", "株式会社𠮷野家", "𠮷", "か゛", "が", "ｶﾞ", "한국", "한국", "ﾊﾝｶｸ"),
    *("บริษัท ไทย จำกัด", "กรุงเทพ", "شركة النور", "النُّور", "א״ב", "Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "σ", "ς"),
    *("Шевченко", "шевченко", "Ёлка", "Елка", "ї", "Hồ Chí Minh", "Ho Chi Minh", "Nguyễn", "Đức", "Þór", "Æsir"),
    *("100%", "100% sure", "100_sure", "100 sure", "a_b", "a%b", "a-b", "a b", "ab", "%", "_", "__", "%%", "a_", "_a"),
    *("back\\slash", "\\", "\\\\", "\\%", "\\_", "c:\\x", "O'Brien", "O''Brien", "'", '"', '"quoted"', "'; DROP --"),
    *("[/] Co", "[a-z]", "*", "?", "a*c", "a?c", "{x}", "$1", "$$", "?1", ":name", "%s", "%(x)s", "#", "/*", "--"),
    *(
        "🦄",
        "🦄 GmbH",
        "👩‍👩‍👧 family",
        "🏳️‍🌈",
        "x",
        "X",
        "xx",
        "xy",
        "Xy",
        "z",
        "zz",
        "Zz",
        "a",
        "A",
        "á",
        "Á",
        "ä",
        "Ä",
    ),
    *("U+FFFF \ufffd", "\U0010fffd", "\ue000 private", "\ud7ff", "a\u0301", "e\u0301te", "été", "ETE", "co-op", "coop"),
    *(
        "C-2",
        "C-10",
        "C-010",
        "C10",
        "c 10",
        "9",
        "10",
        "٣",
        "²",
        "½",
        "1.000",
        "x" * 180,
        "ñandú " * 30,
        "NULL",
        "null",
    ),
)
CITIES = ("", "Ávila", "avila", "Öhringen", "Ohio", "Zürich", "Zurich", "ärger", "Ärger", "山形", "ß", "ss")
SITES = (
    "",
    "Ä.example",
    "ä.example",
    "Ö.example",
    "a.example",
    "Z.example",
    "z.example",
    "ÄÄ",
    "İ",
    "i",
    "ı",
    "_",
    "-",
)
TYPES = ("", "Business", "Ärzte", "ärger", "Trust", "Zunft", "山")
LEADS = ("", "Ana García", "Özil", "ozan", "Zoë")


def made_up() -> list[dict[str, str]]:
    """Every name once, some of them twice, with what other columns may have; the same each time."""
    chance = random.Random(4)
    rows = []
    for number, name in enumerate([*PEOPLE, *PEOPLE[::12]]):
        rows.append(
            {
                "company_id": f"L{number:04}",
                "display_name": name,
                "business_name": chance.choice(["", name[::-1].strip(), "Sonne"]),
                "client_number": chance.choice(["", f"C-{number}", f"c-{number:03}", f"Ñ{number}", f"{number}"]),
                "client_type": chance.choice(TYPES),
                "lead": chance.choice(LEADS),
                "status": chance.choice(["active", "active", "inactive"]),
                "email": chance.choice(["", f"x{number}@ex.es", f"X{number % 7}@Ex.es", f"ä{number % 7}@ex.es"]),
                "phone": chance.choice(["", f"+34 912 34 {number:04}", f"(0{number % 9}) 1", "４２"]),
                "city": chance.choice(CITIES),
                "website": chance.choice(SITES),
                "postal_code": chance.choice(SITES),
                "tax_id": chance.choice(SITES),
                "country": chance.choice(["", "España", "ESPANA", "Österreich", "Åland"]),
                "fiscal_year_end": chance.choice(["", "12-31", "03-31"]),
                "subscription": chance.choice(["", "plus", "essentials"]),
                "billed_to": chance.choice(["", "firm", "client"]),
                "primary_admin": chance.choice(["client", "firm"]),
                "notes": chance.choice(["", "Ä\nb", "ä\nb", "Ö"]),
            }
        )
    return rows


def fill(session: Session) -> Session:
    for name in TYPES:
        if name and name not in client_types.type_names(session):
            client_types.add_type(session, name)
    for name in LEADS[2:]:
        team.add_member(session, name, "", name, Access.BASIC)
    assert add_many(session, made_up()) == len(PEOPLE) + len(PEOPLE[::12])
    return session


@pytest.fixture(scope="module")
def foreign() -> Iterator[Server | None]:
    """A server that knows the order of words in an American dictionary, where this computer can make that."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        os.chmod(folder, 0o755)  # the server may run as somebody else
        localedef = ["localedef", "-i", "en_US", "-f", "UTF-8", f"{folder}/en_US.utf8"]
        try:
            subprocess.run(localedef, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            yield None  # the other collations are tried all the same
            return
        patch.setenv("LOCPATH", folder)
        server = Server()
        yield server
        server.close()


def sorted_by(server: Server, collation: str) -> str:
    """A firm of Ana's in a database that sorts by a collation: where it is."""
    name = f"sorted_{len(collation)}"
    with server.connect("postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")  # a process may come back to these tests
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' {collation}")
    server.login("ana", "primary_admin")
    opening.make_firm(server.url(name), "Ríos y Asociados", "Ana García", "ana")
    server.login("ana", "primary_admin")
    server.let_in("ana", name)
    return server.url(name, "ana")


Firms = dict[str, Session]


@pytest.fixture(scope="module")
def firms(server: Server, foreign: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    """The same firm in a file, on the tests' server, and in databases of other collations."""
    path = os.fspath(tmp_path_factory.mktemp("parity") / "firm.db")
    opening.make_firm(path, "Ríos y Asociados", "Ana García", "ana")
    unicode_fast = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST' LOCALE 'C'"
    places = {
        "file": path,
        "server": server.url(server.firm(), "ana"),
        "PG_UNICODE_FAST": sorted_by(server, unicode_fast),
    }
    if foreign is not None:
        places["en_US"] = sorted_by(foreign, "LOCALE 'en_US.utf8'")
    opened = {name: fill(opening.open_firm(location, "ana")) for name, location in places.items()}
    yield opened
    for session in opened.values():
        session.close()


def listed(session: Session, query: ClientQuery, offset: int = 0, limit: int = 1_000) -> list[str]:
    return [row.values[0] for row in clients.window(session, query, ("company_id",), offset, limit)]


def everywhere(firms: Firms, query: ClientQuery, offset: int = 0, limit: int = 1_000) -> list[str]:
    """The Company IDs of a window, which are the same in every place, as are the count and the places in the list."""
    windows = {name: listed(session, query, offset, limit) for name, session in firms.items()}
    wanted = windows["file"]
    assert windows == dict.fromkeys(firms, wanted)
    counts = {name: clients.count(session, query) for name, session in firms.items()}
    assert counts == dict.fromkeys(firms, counts["file"])
    for company_id in (*wanted[:1], *wanted[-1:], "L0007"):
        places = {
            name: clients.position(session, query, clients.by_key(session, company_id).id)
            for name, session in firms.items()
        }
        assert places == dict.fromkeys(firms, places["file"])
    return wanted


def test_they_are_really_of_different_collations(firms: Firms) -> None:
    """What the database itself makes of words without a collation of ours differs from place to place."""
    lowered = firms["PG_UNICODE_FAST"].engine.sql("SELECT lower(CAST('ÄSS' AS text))").fetchone()
    assert lowered == ("äss",)
    assert firms["file"].engine.sql("SELECT lower(CAST('ÄSS' AS text))").fetchone() == ("Äss",)
    if "en_US" in firms:
        assert firms["en_US"].engine.sql("SELECT CAST('a' AS text) < CAST('B' AS text)").fetchone() == (True,)


@pytest.mark.long("many")
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_alike(firms: Firms, descending: bool) -> None:
    for sort in BUILT_IN.names:
        for find in ("", "an"):
            query = ClientQuery((), find).sorted_by(sort, descending)
            whole = everywhere(firms, query)
            assert len(whole) == len(set(whole))
            assert find or len(whole) == len(PEOPLE) + len(PEOPLE[::12])
            assert everywhere(firms, query, 25, 30) == whole[25:55]


@pytest.mark.parametrize("name", PEOPLE[:60:5])
def test_a_value_reads_as_it_was_written(firms: Firms, name: str) -> None:
    (row,) = [row for row in made_up() if row["display_name"] == name][:1]
    values = {place: clients.by_key(session, row["company_id"]).values for place, session in firms.items()}
    assert values == dict.fromkeys(firms, values["file"])
    assert values["file"]["display_name"] == name


def pieces(names: Sequence[str]) -> st.SearchStrategy[str]:
    """A part of one of the names, in any case."""
    turned = st.sampled_from([str, str.lower, str.upper, str.swapcase, str.casefold])
    part = st.tuples(st.sampled_from(names), st.integers(0, 12), st.integers(1, 7))
    return st.builds(lambda turn, it: turn(it[0][it[1] :][: it[2]]), turned, part)


WILD = st.text(
    st.sampled_from("%_\\'\"*?[]^$(){}|+.-ßſİıiIäÄ山田𠮷🦄éa xSs\x00\x01\x1b\n\u202e\u0301\u200d\U0010ffff"), max_size=6
)
FINDS = st.one_of(
    pieces(PEOPLE),
    st.lists(pieces(PEOPLE), min_size=2, max_size=3).map(" ".join),
    WILD,
    st.text(max_size=4),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=2),
)


@given(
    find=FINDS,
    sort=st.sampled_from(BUILT_IN.names),
    descending=st.booleans(),
    status=st.sampled_from(["active", "inactive", None, None]),
    client_type=st.sampled_from([None, None, None, "", *map(str, range(1, 8)), "9999"]),
    lead=st.sampled_from([None, None, None, "", *map(str, range(1, 8)), "@me"]),
    billed_to=st.sampled_from([None, None, "firm", "client", ""]),
    offset=st.sampled_from([0, 0, 1, 20]),
    limit=st.sampled_from([5, 50, 1_000]),
)
@example("%", "display_name", False, None, None, None, None, 0, 50)
@example("_", "display_name", True, None, None, None, None, 0, 50)
@example("\\", "city", False, None, None, None, None, 0, 50)
@example("\x00", "display_name", False, None, None, None, None, 0, 50)
@example("a\x00b \x1b[31m", "display_name", False, None, None, None, None, 0, 50)
@example("\ufffd", "display_name", False, None, None, None, None, 0, 50)
@example("ß", "website", False, None, None, None, None, 1, 50)
@example("İ", "display_name", False, "active", None, None, None, 0, 50)
@example("山", "lead", True, None, None, None, None, 0, 50)
@example("", "client_type", True, None, None, None, None, 0, 50)
def test_every_search_finds_the_same(
    firms: Firms,
    find: str,
    sort: str,
    descending: bool,
    status: str | None,
    client_type: str | None,
    lead: str | None,
    billed_to: str | None,
    offset: int,
    limit: int,
) -> None:
    query = ClientQuery((), find).sorted_by(sort, descending)
    for field, value in {"status": status, "client_type": client_type, "lead": lead, "billed_to": billed_to}.items():
        query = query.with_value(field, value)
    everywhere(firms, query, offset, limit)


@pytest.mark.parametrize("name", PEOPLE[::9])
def test_a_client_is_found_by_its_own_name(firms: Firms, name: str) -> None:
    row = next(row for row in made_up() if row["display_name"] == name)
    for find in (name, name.upper(), name.lower(), name[:2], name[-3:]):
        assert row["company_id"] in everywhere(firms, ClientQuery(filters=(), find=find)) or not find.strip()


@pytest.mark.parametrize(
    "word", ["x" * 10_000, "ñandú " * 2_000, "%" * 10_000, "山" * 3_000, "\\" * 9_999, "a b " * 900]
)
def test_a_search_as_long_as_a_book(firms: Firms, word: str) -> None:
    everywhere(firms, ClientQuery(filters=(), find=word))


@pytest.mark.parametrize(
    "key", ["L0003", "c-1", "C-１", "ñ7", "%", "_", "", " ", "\x00", "L0003\x00", "'", "x" * 5_000]
)
def test_a_key_names_the_same_client(firms: Firms, key: str) -> None:
    def found(session: Session) -> str:
        try:
            return clients.by_key(session, key).values["company_id"]
        except Exception as refusal:  # noqa: BLE001  (whatever it is, it is the same)
            return f"{type(refusal).__name__}: {refusal}"

    answers = {name: found(session) for name, session in firms.items()}
    assert answers == dict.fromkeys(firms, answers["file"])
    assert "Error" not in answers["file"]


def test_names_stand_in_the_same_order_too(firms: Firms) -> None:
    for names in (client_types.type_names, clients.lead_names, lambda s: [member.name for member in team.members(s)]):
        names_by_place = {place: list(names(session)) for place, session in firms.items()}
        assert names_by_place == dict.fromkeys(firms, names_by_place["file"])
        assert len(names_by_place["file"]) > 3
