"""What becomes of clients that go into another firm, counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import firm


class How(NamedTuple):
    """`move` takes the clients out of the old firm; `same_names` takes those whose name is borne in the other too."""

    move: bool = False
    same_names: bool = False


class Chosen(NamedTuple):
    """A client that is to be transferred: its id (0: it was moved before) and its Company ID."""

    id: int
    key: str


class Clash(NamedTuple):
    """One reason why a client is refused: its Company ID, its display name, and what is wrong."""

    key: str
    name: str
    problem: Problem


class Transferred(NamedTuple):
    """What becomes, or became, of the chosen clients.

    `new` are added to the other firm, `unchanged` are there already from this firm, `refused` stay where they are,
    `moved` are taken out of this firm. `types` are the client types that are created in the other firm, `leads` the
    lead accountants that it does not have as active members (so that their clients are without one), each with how
    many of the new clients; `on_plan` counts the new clients that are billed to the firm's plan. `templates` are those of
    work that come along, retired, each with how many of the new clients have work by it.
    """

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    refused: int = 0
    moved: int = 0
    clashes: tuple[Clash, ...] = ()
    types: tuple[tuple[str, int], ...] = ()
    leads: tuple[tuple[str, int], ...] = ()
    on_plan: int = 0
    templates: tuple[tuple[str, int], ...] = ()


class Judged(NamedTuple):
    """A client as it stands in the old firm; `is_there` says that the other firm has it already, from this one."""

    client: Client
    is_there: bool
    problems: Sequence[Problem]


class Count:
    """Counts what becomes of clients, page by page, and fits them to the types and the team of the other firm."""

    def __init__(self, other: Session) -> None:
        with other.engine.errors():
            self._leads = {fold(member.name) for member in firm.members(other.engine) if member.active}
            self._types = {fold(name) for name in firm.type_names(other.engine)}
        self._counted = Transferred()
        self._clashes: list[Clash] = []
        self._new_types: Counter[str] = Counter()
        self._lost_leads: Counter[str] = Counter()
        self.templates: Counter[str] = Counter()
        """The templates that come along, each with how many of the new clients have work by it."""

    def add(self, page: Sequence[Chosen], judged: Sequence[Judged], how: How) -> list[str]:
        """Counts a page; the client types that must be created for it."""
        present_ids = {client.values["company_id"] for client, _is_there, _problems in judged}
        missing_clients = [client for client in page if client.id and client.key not in present_ids]
        self._clashes += [Clash(client.key, "", problem("gone_meanwhile")) for client in missing_clients]
        for client, _is_there, problems in judged:
            values = client.values
            self._clashes += [Clash(values["company_id"], values["display_name"], wrong) for wrong in problems]
        refused = len(missing_clients) + sum(bool(problems) for _client, _is_there, problems in judged)
        new = [client.values for client, is_there, problems in judged if not problems and not is_there]
        so_far = self._counted
        self._counted = Transferred(
            so_far.rows + len(page),
            so_far.new + len(new),
            so_far.unchanged + len(page) - len(new) - refused,
            so_far.refused + refused,
            so_far.moved + (sum(not problems for _client, _is_there, problems in judged) if how.move else 0),
            on_plan=so_far.on_plan + sum(values["billed_to"] == "firm" for values in new),
        )
        types = Counter(values["client_type"] for values in new if values["client_type"])
        missing = [name for name in types if fold(name) not in self._types]
        self._types.update(map(fold, missing))
        self._new_types.update({name: types[name] for name in types if name in missing or name in self._new_types})
        self._lost_leads.update(values["lead"] for values in new if values["lead"] and not self.led(values)["lead"])
        return missing

    def led(self, values: Mapping[str, str]) -> dict[str, str]:
        """A client's values, its lead accountant only where the other firm has them as an active member."""
        return {**values, "lead": values["lead"] if fold(values["lead"]) in self._leads else ""}

    def outcome(self) -> Transferred:
        """All that was counted."""
        return self._counted._replace(
            clashes=tuple(self._clashes),
            types=tuple(sorted(self._new_types.items())),
            leads=tuple(sorted(self._lost_leads.items())),
            templates=tuple(sorted(self.templates.items())),
        )
