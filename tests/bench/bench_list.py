"""How soon are the list's pages, counts and places there? Asks a firm's list as the screens do, without one.

    python tests/bench/bench_list.py FIRM [--runs 3] [--orders display_name,city]
        [--lists "active,one letter"] [--limit 100]

FIRM is a file or the URL of a server's database. Of each list (a filter or a search) and kind of question the slowest
order is told, in milliseconds by the clock, and of processor time of the program (in a file that is all of it); nothing
is remembered from one question to the next, so that a page far from both ends has counted the list before. Give it an
otherwise idle computer.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import clients, opening  # noqa: E402 - found only from the checkout's top
from clientdesk.desk.session import Session  # noqa: E402
from clientdesk.domain.catalogue import BUILT_IN  # noqa: E402
from clientdesk.domain.client_query import EVERYONE, ClientQuery, SortKey  # noqa: E402
from tests.bench.bench import report  # noqa: E402

PAGE = 40
LISTS = {
    "active": ClientQuery(),
    "everyone": EVERYONE,
    "inactive": EVERYONE.with_value("status", "inactive"),
    "a type": EVERYONE.with_value("client_type", "1"),
    "a lead": EVERYONE.with_value("lead", "1"),
    "on the plan": EVERYONE.with_value("billed_to", "firm"),
    "one letter": ClientQuery(find="a"),
    "two letters": ClientQuery(find="ga"),
    "two letters that nobody has": ClientQuery(find="zq"),
    "a common word": ClientQuery(find="garcia"),
    "a rare word": ClientQuery(find="zubizarreta"),
}


def questions(session: Session, query: ClientQuery) -> Iterator[tuple[str, Callable[[], object]]]:
    """What keys and jumps ask for, by its name."""

    def page(offset: int) -> Callable[[], object]:
        return lambda: clients.window(session, query, BUILT_IN.first_columns, max(0, offset), PAGE)

    count = clients.count(session, query)
    yield "first page", page(0)
    yield "last page", page(count - PAGE)
    yield "page in the middle", page(count // 2)
    yield "count", lambda: clients.count(session, query)
    middle = clients.window(session, query, (), count // 2, 1)
    if middle:
        yield "place", lambda: clients.position(session, query, middle[0].id)


def milliseconds(session: Session, read: Callable[[], object], runs: int) -> tuple[float, float]:
    """The best of some runs, each of which looks everything up again: by the clock, and of processor time."""
    clock = processor = float("inf")
    for _ in range(runs):
        with session.engine.writing():
            pass  # what was remembered is forgotten
        start, busy = time.perf_counter(), time.process_time()
        read()
        clock = min(clock, (time.perf_counter() - start) * 1000)
        processor = min(processor, (time.process_time() - busy) * 1000)
    return clock, processor


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firm")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--orders", default=",".join(BUILT_IN.names), help="fields, with commas between them")
    parser.add_argument("--lists", default=",".join(LISTS), help="lists, with commas between them")
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds")
    options = parser.parse_args()
    with opening.open_firm(options.firm) as session:
        for name, query in ((name, LISTS[name]) for name in options.lists.split(",")):
            slowest: dict[str, tuple[float, float, str]] = {}
            for field in options.orders.split(","):
                for descending in (False, True):
                    ordered = query._replace(sort=(SortKey(field, descending),))
                    for kind, read in questions(session, ordered):
                        order = f"{field}{' downwards' * descending}"
                        took = (*milliseconds(session, read, options.runs), order)
                        slowest[kind] = max(slowest.get(kind, took), took)
            for kind, (longest, processor, order) in slowest.items():
                limit = "" if kind == "count" else f"{options.limit:g} ms"
                measured = f"{longest:.1f} ({processor:.1f}) ms"
                report(f"{name}: {kind} (by {order})", measured, limit, not limit or longest <= options.limit)


if __name__ == "__main__":
    main()
