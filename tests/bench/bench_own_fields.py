"""How soon is a list there by a field of the firm's own, beside a built-in one?

    python tests/bench/bench_own_fields.py FOLDER [--clients 100000] [--fields 30] [--runs 3]
    python tests/bench/bench_own_fields.py FIRM

Makes a firm in FOLDER whose clients have values in so many own fields of every kind, or takes one that was made so, or its
copy on a server (FIRM), and asks for its lists as the screens do: by each order, and by filters. The built-in fields beside
them are told in the same way. Milliseconds by the clock, and of processor time of the program (in a file that is all of
it); nothing is remembered from one question to the next. Give it an otherwise idle computer.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from contextlib import closing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import opening, own_fields  # noqa: E402 - found only from the checkout's top
from clientdesk.desk.session import Session  # noqa: E402
from clientdesk.domain.client_query import EVERYONE, ClientQuery  # noqa: E402
from clientdesk.domain.fields import Field  # noqa: E402
from clientdesk.domain.filters import Filter, Op  # noqa: E402
from clientdesk.domain.own_fields import OwnKind  # noqa: E402
from tests.bench.bench import report  # noqa: E402
from tests.bench.bench_list import milliseconds, questions  # noqa: E402
from tests.many import add_many  # noqa: E402

KINDS = (OwnKind.TEXT, OwnKind.NUMBER, OwnKind.DATE, OwnKind.YES_NO, OwnKind.CHOICE)


def made(folder: str, clients: int, fields: int) -> Session:
    """The firm: a fifth of its clients is inactive, a third of the values of each field is empty."""
    session = opening.create_firm(os.path.join(folder, "own_fields.db"), "Own fields", "Ana García")
    kinds = {}
    for number in range(fields):
        kind = KINDS[number % len(KINDS)]
        choices = ("High", "Middle", "Low") if kind is OwnKind.CHOICE else ()
        kinds[f"own_{own_fields.add_field(session, f'Extra {number}', kind, choices=choices).id}"] = kind
    add_many(session, list(_clients(clients, kinds)))
    return session


def _clients(count: int, kinds: dict[str, OwnKind]) -> Iterator[dict[str, str]]:
    chance = random.Random(14)
    for number in range(count):
        values = {"display_name": f"Client {chance.randrange(count)}", "city": f"City {chance.randrange(500)}"}
        for name, kind in kinds.items():
            if not chance.randrange(3):
                continue
            any_number = chance.randrange(count)
            day = f"20{any_number % 50:02}-{any_number % 12 + 1:02}-{any_number % 28 + 1:02}"
            values[name] = {
                OwnKind.TEXT: f"word {any_number}",
                OwnKind.NUMBER: str(any_number),
                OwnKind.DATE: day,
                OwnKind.YES_NO: "yes" if any_number % 2 else "no",
            }.get(kind, ("High", "Middle", "Low")[any_number % 3])
        yield {**values, "client_number": f"C-{number}", "status": "active" if number % 5 else "inactive"}


def lists(field: Field) -> Iterator[tuple[str, ClientQuery]]:
    """The lists that are asked for of a field."""
    yield "sorted", EVERYONE.sorted_by(field.name)
    yield "sorted downwards", EVERYONE.sorted_by(field.name, True)
    yield "active ones sorted", ClientQuery().sorted_by(field.name)
    yield "with nothing", EVERYONE.with_filter(Filter(field.name, Op.EMPTY))
    yield "with anything", EVERYONE.with_filter(Filter(field.name, Op.FILLED))


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", metavar="FOLDER or FIRM")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--fields", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds")
    asked = parser.parse_args()
    is_folder = os.path.isdir(asked.place)
    with closing(
        made(asked.place, asked.clients, asked.fields) if is_folder else opening.open_firm(asked.place)
    ) as session:
        catalogue = session.catalogue
        own = [field for field in catalogue.fields if field.own]
        for field in (catalogue.by_name["city"], catalogue.by_name["email"], *own[: len(KINDS)]):
            for name, query in lists(field):
                took, processor, what = max(
                    (*milliseconds(session, read, asked.runs), what) for what, read in questions(session, query)
                )
                label = f"{field.label} ({field.kind.value}) {name}: {what}"
                measured = f"{took:.1f} ({processor:.1f}) ms"
                report(label, measured, f"{asked.limit:g} ms", took <= asked.limit)


if __name__ == "__main__":
    main()
