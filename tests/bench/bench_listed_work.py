"""How soon is a list there that is sorted or filtered by the clients' work, beside one by name? And what does an import cost more?

    python tests/bench/bench_listed_work.py FOLDER [--clients 100000] [--runs 3]
    python tests/bench/bench_listed_work.py FIRM

Makes a firm in FOLDER whose clients have work by two templates, or takes one that was made so, or its copy on a server (FIRM), and
asks for its lists as the screens do. Milliseconds by the clock and of processor time of the program (in a file that is all of it), and
the ratio to the same question of the list by name. Nothing is remembered from one question to the next.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import client_filters, opening  # noqa: E402 - found only from the checkout's top
from clientdesk.desk.session import Session, changes  # noqa: E402
from clientdesk.domain.access import Action  # noqa: E402
from clientdesk.domain.client_query import EVERYONE, ClientQuery  # noqa: E402
from clientdesk.domain.filter_text import read  # noqa: E402
from tests.bench.bench import report  # noqa: E402
from tests.bench.bench_list import milliseconds, questions  # noqa: E402
from tests.many import add_many  # noqa: E402
from tests.worked import added  # noqa: E402

ITEMS = 15


@changes("template.added", Action.MANAGE_WORK)
def template(session: Session, name: str, period: str, begins: str) -> None:
    """A template of some items."""
    made = added(session, "template", name=name, period=period, due="10 days", begins=begins)
    section = added(session, "template_section", template=made, name="Setup")
    for number in range(ITEMS):
        added(session, "template_item", section=section, title=f"Item {number}")


def _clients(count: int) -> Iterator[dict[str, str]]:
    chance = random.Random(15)
    for number in range(count):
        yield {
            "display_name": f"Client {chance.randrange(count)}",
            "client_number": f"C-{number}",
            "lead": "Ana García" if number % 3 else "",
            "fiscal_year_end": f"{number % 12 + 1:02}-28",
            "status": "active" if number % 5 else "inactive",
        }


def made(folder: str, clients: int) -> Session:
    """The firm: a fifth of its clients is inactive. Tells what adding clients takes without templates and with two."""
    plain = opening.create_firm(os.path.join(folder, "plain.db"), "Plain", "Ana García")
    session = opening.create_firm(os.path.join(folder, "work.db"), "Work", "Ana García")
    template(session, "Books review", "month", "2020-01")
    template(session, "Accounts", "fiscal_year", "FY2020")
    took = []
    for firm in (plain, session):
        busy = time.process_time()
        add_many(firm, list(_clients(clients)))
        took.append(time.process_time() - busy)
    print(
        f"adding {clients} clients: {took[0]:.1f} s without templates, {took[1]:.1f} s with two: {took[1] / took[0]:.2f}"
    )
    plain.close()
    return session


def lists(session: Session) -> Iterator[tuple[str, ClientQuery]]:
    """The lists that are asked for."""
    names = client_filters.names(session)
    for of in ("", "work=Books review", "work=Accounts"):
        query = EVERYONE.with_another(read(of, names)) if of else EVERYONE
        for field in ("due", "review", "open_items", "who"):
            yield f"{of or 'any work'}, by {field}", query.sorted_by(field)
        yield f"{of or 'any work'}, active, downwards by due", ClientQuery(query.filters).sorted_by("due", True)
    yield "mine, by due", ClientQuery((read("who=@me", names),)).sorted_by("due")
    yield "late, by due", ClientQuery((read("due<@today", names),)).sorted_by("due")
    yield "of a period, by name", ClientQuery((read("period=@this_month", names),))
    yield "of a period, by due", ClientQuery((read("period=@this_month", names),)).sorted_by("due")


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", metavar="FOLDER or FIRM")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds")
    asked = parser.parse_args()
    is_folder = os.path.isdir(asked.place)
    with closing(made(asked.place, asked.clients) if is_folder else opening.open_firm(asked.place)) as session:
        by_name = {what: milliseconds(session, read, asked.runs)[1] for what, read in questions(session, EVERYONE)}
        for name, query in lists(session):
            for what, ask in questions(session, query):
                took, processor = milliseconds(session, ask, asked.runs)
                measured = f"{took:.1f} ({processor:.1f}) ms, {processor / max(by_name[what], 0.1):.1f} x by name"
                report(f"{name}: {what}", measured, f"{asked.limit:g} ms", took <= asked.limit)


if __name__ == "__main__":
    main()
