"""The table of the clients' work equals the pure functions, whatever was changed in which order; also after undo."""

import os
import random
from datetime import date

import pytest

from clientdesk.desk import clients, work, work_doing, work_managing, work_renewal
from clientdesk.desk.client_status import set_status_of_many
from clientdesk.desk.session import Session
from clientdesk.desk.work_records import Work
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.kept_templates import kept_applies, kept_roles
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import Role
from tests.desk.test_work_renewal import add_template, change_template, type_id
from tests.desk.undone import take_back

CHANGES = 12 * int(os.environ.get("CLIENTDESK_EXAMPLES", "1"))
DAY = date(2190, 5, 10)
YEAR_ENDS = ("", "12-31", "06-30", "02-28", "02-29")


class _Firm:
    """Changes a firm by chance; what is refused changes nothing."""

    def __init__(self, session: Session, chance: random.Random) -> None:
        self.session, self.chance = session, chance
        self.templates = [
            add_template(session, "Monthly", begins="2190-02"),
            add_template(session, "Yearly", self._of_type(), period="fiscal_year", begins="FY2188"),
        ]
        self.client_ids = [self._added() for _ in range(5)]

    def _of_type(self) -> Filter:
        return Filter("client_type", Op.IS, (str(type_id(self.session, self.chance.choice(("Trust", "Business")))),))

    def _added(self) -> int:
        values = {
            "display_name": f"Client {self.chance.random()}",
            "client_type": self.chance.choice(("Trust", "Business", "")),
            "fiscal_year_end": self.chance.choice(YEAR_ENDS),
        }
        return clients.add(self.session, values).id

    def change(self) -> None:
        """Does one thing that work follows from, or takes one back."""
        ways = (
            self._edit,
            self._edit,
            self._status,
            self._template,
            self._do,
            self._do,
            self._do,
            self._add,
            self._undo,
        )
        self.chance.choice(ways)()

    def _add(self) -> None:
        self.client_ids.append(self._added())

    def _edit(self) -> None:
        chance = self.chance
        change = chance.choice(
            (
                {"client_type": chance.choice(("Trust", "Business", ""))},
                {"fiscal_year_end": chance.choice(YEAR_ENDS)},
                {"lead": chance.choice(("", self.session.me.name))},
            )
        )
        clients.edit(self.session, clients.get(self.session, chance.choice(self.client_ids)), change)

    def _status(self) -> None:
        set_status_of_many(self.session, [self.chance.choice(self.client_ids)], active=self.chance.random() < 0.5)

    def _template(self) -> None:
        values = self.chance.choice(
            (
                {"due": self.chance.choice(("5 days", "1 month"))},
                {"applies": kept_applies(self.chance.choice(((), (self._of_type(),))))},
                {"retired": self.chance.randrange(2)},
                {"roles": kept_roles([Role(1, "Preparer", self.chance.choice(("lead", "")))])},
            )
        )
        change_template(self.session, self.chance.choice(self.templates), **values)

    def _do(self) -> None:
        read = self._work()
        match self.chance.randrange(4):
            case 0:
                work_doing.tick(self.session, read, [self.chance.choice(read.items).id])
            case 1:
                work_doing.complete(self.session, read, anyway=True)
            case 2:
                work_managing.move_due(self.session, read, self.chance.choice((None, date(2190, 9, 9))))
            case 3:
                work_managing.assign(self.session, read, {1: self.chance.choice((None, self.session.me.id))})

    def _work(self) -> Work:
        template = next(iter(self.chance.sample(list(self.session.catalogue.templates.values()), 1)))
        of = work.which(
            self.session, self.chance.choice(self.client_ids), work.template_by_name(self.session, template)
        )
        return work.read(self.session, of)

    def _undo(self) -> None:
        take_back(self.session)


@pytest.mark.thorough("steps")
def test_the_table_equals_the_pure_functions(session: Session, request: pytest.FixtureRequest) -> None:
    session.today = lambda: DAY
    firm = _Firm(session, random.Random(request.config.getoption("seed")))
    for _step in range(CHANGES):
        try:
            firm.change()
        except (Refused, ValueError, AssertionError):
            continue  # what cannot be done, or taken back, just now
        assert list(work_renewal.untrue_rows(session)) == []
        assert work_renewal.renewing(session) is None
