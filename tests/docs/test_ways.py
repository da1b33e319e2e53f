"""The three ways in docs/design.md are those that the program goes: each function that stands there is called, in the
page's order. What stands there of the screens is there."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

import pytest

import clientdesk
from clientdesk.desk import clients, opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.exchange.file_reading import open_table

PAGE = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
PROGRAM = Path(clientdesk.__file__).parent
FUNCTION = re.compile(r"`([a-z_/]+\.py): ([\w.]+)`")


def functions_on_page(title: str) -> list[tuple[str, str]]:
    """The functions that the page names under a title: file and name."""
    return FUNCTION.findall(re.split(r"^##", PAGE.split(f"### {title}\n")[1], maxsplit=1, flags=re.MULTILINE)[0])


@contextmanager
def called() -> Iterator[list[tuple[str, str]]]:
    """The program's functions in the order in which each is called for the first time."""
    order: dict[tuple[str, str], None] = {}

    def note(frame: FrameType, event: str, _argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PROGRAM):
            order.setdefault((path.relative_to(PROGRAM).as_posix(), frame.f_code.co_qualname.split(".<locals>")[0]))

    functions: list[tuple[str, str]] = []
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield functions
    finally:
        sys.setprofile(before)
        functions += order


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Session]:
    """A firm in a file with a client, in which a client was edited before."""
    location = str(tmp_path / "firm.db")
    opening.make_firm(location, "Ríos", "Ana García", "ana")
    with opening.open_firm(location, "ana") as session:
        client = clients.add(session, {"display_name": "Construcciones Peña", "client_number": "C-1"})
        clients.edit(session, client, {"email": "hola@pena.es"})
        yield session


Way = Callable[[], object]


def edit(session: Session, _folder: Path) -> Way:
    client = clients.by_key(session, "C-1")
    return lambda: clients.save(session, client, {"email": "info@pena.es"})


def find(session: Session, _folder: Path) -> Way:
    query = ClientQuery(find="constr")

    def way() -> None:
        assert len(clients.window(session, query, ("display_name",), 0, 20)) == clients.count(session, query) == 1

    return way


def import_row(session: Session, folder: Path) -> Way:
    path = folder / "in.csv"
    path.write_text("Display name,Client number,E-mail\nFirma,N-1,f@x.es\n", encoding="utf-8")

    def way() -> None:
        job = Import.open(session, open_table(str(path)), ImportKind.CLIENTS)
        assert job.setup is not None
        job.set_setup(job.setup)
        job.judge(session)
        job.apply(session)
        assert job.counts().new == 1
        job.close()

    return way


@pytest.mark.parametrize(
    ("title", "goes"), [("One edit", edit), ("One key in Find", find), ("One imported row", import_row)]
)
def test_the_page_names_the_functions_in_the_order_of_their_calls(
    firm: Session, tmp_path: Path, title: str, goes: Callable[[Session, Path], Way]
) -> None:
    named = [function for function in functions_on_page(title) if not function[0].startswith("ui/")]
    assert len(named) > 10
    go = goes(firm, tmp_path)
    with called() as functions:
        go()
    assert [function for function in named if function not in functions] == []
    assert named == sorted(named, key=functions.index)


@pytest.mark.parametrize("title", ["One edit", "One key in Find"])
def test_what_the_page_names_of_the_screens_is_there(title: str) -> None:
    of_screens = [function for function in functions_on_page(title) if function[0].startswith("ui/")]
    assert of_screens
    for file, name in of_screens:
        part: object = import_module("clientdesk." + file.removesuffix(".py").replace("/", "."))
        for attribute in name.split("."):
            part = getattr(part, attribute)
        assert callable(part)
