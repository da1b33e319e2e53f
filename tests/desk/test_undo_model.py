"""Undo and redo against a model in plain dictionaries: three members, all kinds of changes, in any order.

CLIENTDESK_UNDO_EXAMPLES asks for more than the few sequences of every run, CLIENTDESK_UNDO_STEPS for longer ones.
"""

import copy
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clientdesk.desk import client_types, clients, firm_settings, opening, pricing_plan, team, undoing
from clientdesk.desk.change_kinds import REDONE, UNDONE
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from tests.conftest import NewFirm
from tests.desk.undone import firm_of
from tests.many import add_many
from tests.servers import Server

pytestmark = pytest.mark.long("chance")

EXAMPLES = int(os.environ.get("CLIENTDESK_UNDO_EXAMPLES", "3"))
STEPS = int(os.environ.get("CLIENTDESK_UNDO_STEPS", "25"))
Values = dict[str, Any]
Firm = dict[str, dict[int, Values]]
ADMIN, WORKERS = "ana", ("ana", "bob", "eve")


class Step(NamedTuple):
    """What was written of a row, in the fields that differ; None on one side for a row that was added or deleted."""

    entity: str
    id: int
    before: Values | None
    after: Values | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it writes; "" for the row itself."""
        return ("",) if self.before is None or self.after is None else tuple(self.after)

    @property
    def inverse(self) -> "Step":
        """What takes it back: who was added to the team is made inactive."""
        if self.before is None and self.entity == "team_member":
            return Step(self.entity, self.id, {"active": 1}, {"active": 0})
        return Step(self.entity, self.id, self.after, self.before)


class Change:
    """A change set: who made it, what it wrote, in its order, which one it takes back, how many rows it left, and why it
    is not undone at all (the code of a refusal) or by whom alone."""

    def __init__(
        self, number: int, who: str, steps: Sequence[Step], of: "Change | None" = None, left: int = 0, kind: str = ""
    ) -> None:
        self.number, self.who, self.steps, self.of, self.left, self.kind = number, who, list(steps), of, left, kind
        self.back: list[Change] = []
        """The change sets that take it back."""
        self.last: dict[tuple[str, int, str], Change] = {}
        """Of a change that people made: who wrote each of its fields last, it or what takes it back or does it again."""
        for step in self.steps:
            for field in step.fields:
                self.first.last[step.entity, step.id, field] = self
        if of is not None:
            of.back.append(self)

    @property
    def first(self) -> "Change":
        """The change that people made, of which this one is an undo or redo."""
        return self if self.of is None else self.of.first

    @property
    def is_redo(self) -> bool:
        return self.of is not None and self.of.of is not None

    @property
    def counts_as_undone(self) -> bool:
        """Where an added row is to go: one that undoes it stands, of which nothing was done again."""
        return any(not back.back for back in self.back)

    @property
    def begun(self) -> bool:
        """Whether something of it is taken back."""
        return any(all(again.left for again in back.back) for back in self.back)

    @property
    def rest(self) -> bool:
        """Whether more of it can be taken back."""
        redone = [again.number for back in self.back for again in back.back]
        return not any(not back.left and back.number > max(redone, default=0) for back in self.back)

    def wanted(self) -> list[Step]:
        """What takes back what of it is not taken back yet, the latest first."""
        return [left for step in reversed(self.steps) if (left := self._left_of(step.inverse)) is not None]

    def _left_of(self, step: Step) -> Step | None:
        def is_back(field: str) -> bool:
            last = self.first.last.get((step.entity, step.id, field), self)
            return last is not self if self.of is not None else last.of is not None and not last.is_redo

        if step.before is None or step.after is None:
            return None if is_back("") else step
        free = [field for field in step.after if not is_back(field)]
        before = step.before
        return (
            step._replace(before={n: before[n] for n in free}, after={n: step.after[n] for n in free}) if free else None
        )


class Model:
    """The firm in plain dictionaries, and all its changes."""

    def __init__(self, firm: Firm) -> None:
        self.firm = copy.deepcopy(firm)
        self.changes: list[Change] = []
        self.told: set[tuple[str, int]] = set()
        """To whom which change was told that cannot be taken back."""

    def put(self, step: Step) -> None:
        table = self.firm[step.entity]
        if step.after is None:
            del table[step.id]
        elif step.before is None:
            table[step.id] = dict(step.after)
        else:
            table[step.id].update(step.after)

    # --- the rules

    def breaks(self, step: Step) -> bool:
        """Whether the rules refuse it."""
        table = self.firm[step.entity]
        after = step.after
        if after is None:
            return step.entity == "client_type" and self.led("client_type", step.id) > 0
        there = table.get(step.id, {})
        changed = {name for name, value in after.items() if step.before is None or there[name] != value}
        whole = {**there, **after}
        others = [row for row_id, row in table.items() if row_id != step.id]
        if step.entity == "client_type":
            return any(row["name"] == whole["name"] for row in others)
        if step.entity == "team_member":
            return "active" in changed and not whole["active"] and self.led("lead", step.id) > 0
        if step.entity == "firm":
            return False
        number = whole["client_number"]
        taken = bool(number) and any(row["client_number"] == number for row in others)
        lead, kind = whole["lead"], whole["client_type"]
        return (
            taken
            or ("lead" in changed and lead is not None and not self.firm["team_member"][lead]["active"])
            or ("client_type" in changed and kind is not None and kind not in self.firm["client_type"])
            or (
                bool(changed & {"subscription", "billed_to"})
                and whole["billed_to"] == "firm"
                and not whole["subscription"]
            )
        )

    def led(self, field: str, row_id: int) -> int:
        return sum(row[field] == row_id for row in self.firm["client"].values())

    # --- taking back

    def take_back(self, change: Change, who: str) -> tuple[list[Step], int]:
        """Takes back what can be: what is written, and how many rows are left."""
        written: list[Step] = []
        left = 0
        for wanted in change.wanted():
            done, whole = self._back(wanted, who)
            written += done
            left += not whole
        return written, left

    def _back(self, wanted: Step, who: str) -> tuple[list[Step], bool]:
        """What of a step is written, and whether all of it."""
        there = self.firm[wanted.entity].get(wanted.id)
        if wanted.after is None:
            if there is None or self.stands(wanted, who) or self.breaks(wanted) or there != wanted.before:
                return [], False
            step = Step(wanted.entity, wanted.id, there, None)
        elif wanted.before is None:
            if self.breaks(wanted):
                return [], False
            step = wanted
        else:
            if there is None:
                return [], False
            in_the_way = {n for n, v in wanted.after.items() if there[n] not in (v, wanted.before[n])}
            after = {n: v for n, v in wanted.after.items() if n not in in_the_way and there[n] != v}
            step = Step(wanted.entity, wanted.id, {n: there[n] for n in after}, after)
            if not after or self.breaks(step):
                return [], False
            self.put(step)
            return [step], after.keys() == wanted.after.keys()
        self.put(step)
        return [step], True

    def stands(self, wanted: Step, who: str) -> bool:
        """Whether something else was done to an added row and not taken back, or somebody else has added it, and brought it back."""
        about = (wanted.entity, wanted.id)
        adders = [
            change.who
            for change in self.changes
            for step in change.steps
            if (step.entity, step.id) == about and step.before is None
        ]
        others = any(
            (step.entity, step.id) == about and step.before is not None
            for change in self.changes
            if change.of is None and not change.counts_as_undone
            for step in change.steps
        )
        return others or (who not in (*adders, ADMIN))

    def would(self, change: Change, who: str) -> tuple[int, int]:
        """How many rows could be taken back, and how many are left."""
        kept = copy.deepcopy(self.firm)
        written, left = self.take_back(change, who)
        self.firm = kept
        return len(written), left

    def refusal(self, change: Change, who: str) -> str:
        """The code of the refusal to take it back, as far as it is not of its rows; "" for none."""
        kind = change.first.kind
        if kind == "client.deleted":
            return "not_undone"
        if kind.startswith("firm.") and who != ADMIN:
            return "not_allowed"
        if not change.rest or (change.begun and self.would(change, who) == (0, 0)):
            return "undone_already" if change.of is None else "redone_already"
        return ""

    def own(self, who: str, redo: bool) -> list[Change]:
        """What somebody can take back by itself, or do again, the latest first."""
        codes = []
        for change in reversed(self.changes):
            if change.who == who:
                if redo and change.of is None:
                    break
                if (change.of is not None) is redo and not change.is_redo and change.rest:
                    codes.append(change)
        return codes

    def goes_on(self, who: str, change: Change) -> str:
        """What becomes of one that comes next: "takes", "tells", or "passes" it over."""
        code = self.refusal(change, who)
        if code in ("undone_already", "redone_already"):
            return "passes"
        written, left = (0, 1) if code else self.would(change, who)
        if written:
            return "takes"
        is_told = (who, change.number) in self.told or (change.begun and not code)
        return "tells" if left and not is_told else "passes"


class Machine(RuleBasedStateMachine):
    """Ana, Bob and Eve at work in one firm."""

    open_firm: Callable[[], dict[str, Session]]

    def __init__(self) -> None:
        super().__init__()
        self.at = type(self).open_firm()
        self.ana = self.at[ADMIN]
        for name in ("Peña SA", "Mar SL"):
            clients.add(self.ana, {"display_name": name, "subscription": "essentials", "primary_admin": "firm"})
        self.dora = team.add_member(self.ana, "Dora Test", "", "dora", Access.BASIC).id
        self.first = firm_of(self.ana)
        self.model = Model(self.first)
        self.begun = self.ana.engine.change_set
        self.deleted: set[tuple[str, int]] = set()
        """The rows that were deleted for good."""

    # --- changes

    def does(self, who: str, act: Callable[[Session], object], *steps: Step, kind: str = "") -> None:
        """Does something that the rules allow, in the firm and in the model."""
        session = self.at[who]
        added = [step for step in steps if step.before is None]
        act(session)
        now = firm_of(self.ana)
        real = []
        for step in steps:
            if step in added:  # ids, and what a new row has besides, come from the firm
                (row_id,) = set(now[step.entity]) - set(self.model.firm[step.entity])
                row = now[step.entity][row_id]
                assert {name: row[name] for name in step.after or {}} == step.after
                step = Step(step.entity, row_id, None, row)
            self.model.put(step)
            real.append(step)
        self.model.changes.append(Change(session.engine.change_set, who, real, kind=kind))

    def edits(self, client_id: int, **after: Any) -> Step | None:
        """A change of a client, where it changes something and the rules allow it."""
        there = self.model.firm["client"][client_id]
        changed = {name: value for name, value in after.items() if there[name] != value}
        step = Step("client", client_id, {name: there[name] for name in changed}, changed)
        return step if changed and not self.model.breaks(step) else None

    def some(self, entity: str, data: st.DataObject) -> int | None:
        ids = sorted(self.model.firm[entity])
        return data.draw(st.sampled_from(ids)) if ids else None

    @rule(
        who=st.sampled_from(WORKERS), name=st.sampled_from(("Río SL", "Sol SL")), number=st.sampled_from(("", "1", "2"))
    )
    def add_client(self, who: str, name: str, number: str) -> None:
        values = {"display_name": name, "client_number": number}
        if not number or all(row["client_number"] != number for row in self.model.firm["client"].values()):
            self.does(who, lambda session: clients.add(session, values), Step("client", 0, None, values))

    @rule(
        who=st.sampled_from(WORKERS),
        data=st.data(),
        city=st.sampled_from(("", "Vigo", "Lugo")),
        number=st.sampled_from(("", "1", "2", "3")),
        led=st.booleans(),
        of_type=st.booleans(),
    )
    def edit_client(self, who: str, data: st.DataObject, city: str, number: str, led: bool, of_type: bool) -> None:
        client_id, kind = self.some("client", data), self.some("client_type", data) if of_type else None
        if client_id is None:
            return
        after = {"city": city, "client_number": number, "lead": self.dora if led else None, "client_type": kind}
        if (step := self.edits(client_id, **after)) is None:
            return
        names = {"lead": "Dora Test" if led else "", "client_type": ""}
        if kind is not None:
            names["client_type"] = self.model.firm["client_type"][kind]["name"]
        values = {name: str(names.get(name, value)) for name, value in after.items()}
        self.does(who, lambda session: clients.edit(session, clients.get(session, client_id), values), step)

    @rule(who=st.sampled_from(WORKERS), active=st.booleans())
    def set_status(self, who: str, active: bool) -> None:
        status = "active" if active else "inactive"
        steps = [step for each in sorted(self.model.firm["client"]) if (step := self.edits(each, status=status))]
        if steps:
            self.does(who, lambda session: clients.set_status(session, [step.id for step in steps], active), *steps)

    @rule(
        who=st.sampled_from(WORKERS), data=st.data(), act=st.sampled_from(("on", "off", "request", "accept", "cancel"))
    )
    def take_step_of_the_plan(self, who: str, data: st.DataObject, act: str) -> None:
        client_id = self.some("client", data)
        if client_id is None:
            return
        there = self.model.firm["client"][client_id]
        wanted = {
            "on": ({"subscription": "plus", "billed_to": "firm"}, there["billed_to"] != "firm"),
            "off": ({"billed_to": "client"}, there["billed_to"] == "firm"),
            "request": ({"primary_admin": "requested"}, there["primary_admin"] == "firm"),
            "accept": ({"primary_admin": "client"}, there["primary_admin"] == "requested"),
            "cancel": ({"primary_admin": "firm"}, there["primary_admin"] == "requested"),
        }
        acts: dict[str, Callable[[Session], object]] = {
            "on": lambda session: pricing_plan.put_on_plan(session, client_id, "plus"),
            "off": lambda session: pricing_plan.take_off_plan(session, client_id),
            "request": lambda session: pricing_plan.request_hand_over(session, client_id),
            "accept": lambda session: pricing_plan.accept_hand_over(session, client_id),
            "cancel": lambda session: pricing_plan.cancel_hand_over(session, client_id),
        }
        after, possible = wanted[act]
        if possible and (step := self.edits(client_id, **after)):
            self.does(who, acts[act], step)

    @rule(who=st.sampled_from(WORKERS), numbers=st.sampled_from((("", ""), ("1", "2"), ("2", ""), ("3", "4"))))
    def add_clients_at_once(self, who: str, numbers: tuple[str, str]) -> None:
        names = [{"display_name": f"Import {number}", "client_number": number} for number in numbers]
        taken = {row["client_number"] for row in self.model.firm["client"].values()} - {""}
        if taken.isdisjoint(numbers):
            before = set(self.model.firm["client"])
            add_many(self.at[who], names)
            rows = firm_of(self.ana)["client"]
            steps = [Step("client", row_id, None, rows[row_id]) for row_id in sorted(set(rows) - before)]
            assert len(steps) == len(names)
            for step in steps:
                self.model.put(step)
            self.model.changes.append(Change(self.at[who].engine.change_set, who, steps))

    @rule(data=st.data())
    def delete_client(self, data: st.DataObject) -> None:
        """For good, which the primary admin may, of a client that keeps to the conditions."""
        client_id = self.some("client", data)
        if client_id is None:
            return
        there = self.model.firm["client"][client_id]
        if there["primary_admin"] == "client" and there["billed_to"] != "firm":
            self.deleted.add(("client", client_id))
            step = Step("client", client_id, dict(there), None)
            self.does(
                ADMIN,
                lambda session: clients.delete(session, clients.get(session, client_id)),
                step,
                kind="client.deleted",
            )

    @rule(act=st.sampled_from(("offer", "withdraw", "decline")))
    def offer_the_role(self, act: str) -> None:
        """The primary admin's role: offered to Bob, and not taken."""
        bob = self.at["bob"].me.id
        holder, wanted = self.model.firm["firm"][1]["offered_to"], bob if act == "offer" else None
        if (holder is None) is (act == "offer"):
            acts: dict[str, Callable[[Session], object]] = {
                "offer": lambda session: team.offer_primary_admin(session, bob),
                "withdraw": team.withdraw_offer,
                "decline": team.decline_primary_admin,
            }
            step = Step("firm", 1, {"offered_to": holder}, {"offered_to": wanted})
            self.does("bob" if act == "decline" else ADMIN, acts[act], step, kind=f"firm.{act}")

    @rule(who=st.sampled_from(WORKERS), name=st.sampled_from(("Norte", "Sur")))
    def rename_firm(self, who: str, name: str) -> None:
        before = self.model.firm["firm"][1]["name"]
        if name != before:
            step = Step("firm", 1, {"name": before}, {"name": name})
            self.does(
                who, lambda session: firm_settings.save(session, firm_settings.info(session), {"name": name}), step
            )

    @rule(
        who=st.sampled_from(WORKERS),
        name=st.sampled_from(("Club", "Circle")),
        data=st.data(),
        act=st.sampled_from(("add", "rename", "remove")),
    )
    def change_types(self, who: str, name: str, data: st.DataObject, act: str) -> None:
        type_id = self.some("client_type", data)
        taken = any(row["name"] == name for row in self.model.firm["client_type"].values())
        if act == "add":
            if not taken:
                self.does(
                    who,
                    lambda session: client_types.add_type(session, name),
                    Step("client_type", 0, None, {"name": name}),
                )
        elif type_id is not None and act == "remove":
            there = self.model.firm["client_type"][type_id]
            if not self.model.led("client_type", type_id):
                step = Step("client_type", type_id, dict(there), None)
                self.does(who, lambda session: client_types.remove_type(session, type_id), step)
        elif type_id is not None and not taken:
            step = Step(
                "client_type", type_id, {"name": self.model.firm["client_type"][type_id]["name"]}, {"name": name}
            )

            def rename(session: Session) -> None:
                kind = next(client_type for client_type in client_types.all_types(session) if client_type.id == type_id)
                client_types.rename_type(session, kind, name)

            self.does(who, rename, step)

    @rule(who=st.sampled_from(WORKERS), email=st.sampled_from(("", "d@a.es")))
    def edit_member(self, who: str, email: str) -> None:
        before = self.model.firm["team_member"][self.dora]["email"]
        if email != before:
            step = Step("team_member", self.dora, {"email": before}, {"email": email})
            self.does(
                who,
                lambda session: team.save_member(session, team.member_by_key(session, "dora"), {"email": email}),
                step,
            )

    @rule(who=st.sampled_from(WORKERS))
    def turn_member(self, who: str) -> None:
        """Makes Dora active, or inactive: whom she leads is led by nobody then."""
        if not self.model.firm["team_member"][self.dora]["active"]:
            step = Step("team_member", self.dora, {"active": 0}, {"active": 1})
            self.does(who, lambda session: team.activate_member(session, self.dora), step)
            return
        led = [each for each, row in sorted(self.model.firm["client"].items()) if row["lead"] == self.dora]
        steps = [Step("client", each, {"lead": self.dora}, {"lead": None}) for each in led]
        steps.append(Step("team_member", self.dora, {"active": 1}, {"active": 0}))
        self.does(who, lambda session: team.deactivate_member(session, self.dora, everyone_to=""), *steps)

    @precondition(lambda self: len(self.model.firm["team_member"]) < 6)
    @rule(who=st.sampled_from(WORKERS))
    def add_member(self, who: str) -> None:
        login = f"new{len(self.model.firm['team_member'])}"
        values = {"name": f"{login} Test", "email": "", "login": login, "access": "full"}
        self.does(
            who,
            lambda session: team.add_member(session, values["name"], "", login, Access.FULL),
            Step("team_member", 0, None, values),
        )

    # --- undo and redo

    def _takes_back(self, who: str, change: Change, planned: undoing.Plan) -> int:
        """Takes back what can be; how many rows."""
        session, would = self.at[who], self.model.would(change, who)
        assert (planned.number, planned.redo) == (change.number, change.of is not None)
        assert (planned.rows, planned.can) == (len(change.wanted()), would[0])
        assert (planned.begun, bool(planned.conflicts)) == (change.begun, bool(would[1]))
        steps, left = self.model.take_back(change, who)
        undone = undoing.undo(session, planned)
        assert (undone.rows, undone.left) == (len(steps), left)
        assert bool(undone.number) == bool(steps)
        if steps:
            self.model.changes.append(Change(undone.number, who, steps, change, left))
        return len(steps)

    def _by_itself(self, who: str, redo: bool) -> None:
        """What `u` and ctrl+r do."""
        session, model = self.at[who], self.model
        planned: undoing.Plan | None = None
        code = ""
        try:
            planned = (undoing.latest_undone if redo else undoing.latest)(session)
        except Refused as refused:
            code = refused.code
        for change in model.own(who, redo):
            goes_on = model.goes_on(who, change)
            if goes_on == "takes":
                assert planned is not None
                self._takes_back(who, change, planned)
                return
            refusal = model.refusal(change, who)
            is_it = code == refusal if refusal else planned is not None and planned.number == change.number
            if goes_on == "tells" and is_it:
                assert planned is None or not planned.can
                model.told.add((who, change.number))
                return
            if goes_on == "tells":
                assert session.known_to_stay, "what stands in the way of several is told of the first alone"
                assert not refusal, "never of what is not undone at all"
        assert not code
        assert planned is None or planned.number <= self.begun, "what was done before the first day"

    @rule(who=st.sampled_from(WORKERS))
    def undo(self, who: str) -> None:
        self._by_itself(who, redo=False)

    @rule(who=st.sampled_from(WORKERS))
    def redo(self, who: str) -> None:
        self._by_itself(who, redo=True)

    @precondition(lambda self: self.model.changes)
    @rule(who=st.sampled_from(WORKERS), data=st.data())
    def undo_any(self, who: str, data: st.DataObject) -> None:
        change = data.draw(st.sampled_from(self.model.changes))
        number = change.number
        if change.is_redo:
            change = change.first
        if code := self.model.refusal(change, who):
            with pytest.raises(Refused) as refused:
                undoing.plan(self.at[who], number)
            assert refused.value.code == code
        else:
            self._takes_back(who, change, undoing.plan(self.at[who], number))

    @invariant()
    def the_firm_is_what_the_model_says(self) -> None:
        assert firm_of(self.ana) == self.model.firm

    def teardown(self) -> None:
        """Undoing everything in reverse, again and again until there is no more to be undone, gives the first day, but
        for what a rule keeps; and the firm is sound."""
        try:
            while sum(self._undo_all()):
                pass
            self._is_the_first_day()
            assert [finding for finding in check_firm(self.ana) if not finding.sound] == []
            kinds = {
                row[0] for row in self.ana.engine.sql("SELECT kind FROM change_set WHERE undoes IS NOT NULL").fetchall()
            }
            assert kinds <= {UNDONE, REDONE}
        finally:
            for session in self.at.values():
                session.close()

    def _undo_all(self) -> Iterator[int]:
        """Undoes what people changed, the latest first; how many rows each time."""
        for change in [each for each in reversed(self.model.changes) if each.of is None]:
            if not self.model.refusal(change, ADMIN):
                yield self._takes_back(ADMIN, change, undoing.plan(self.ana, change.number))
                self.the_firm_is_what_the_model_says()

    def _is_the_first_day(self) -> None:
        """Every value is that of the first day, and no row is more or less, but for what is left of some change.

        Where a field is neither, that change is kept by a rule or its row is gone: that another value stands there alone
        never keeps a field from its first value, as then there is a change that has written this value and can be undone.
        """
        firm, model = self.model.firm, self.model
        left = [step for change in model.changes if change.of is None for step in change.wanted()]
        kept = {(step.entity, step.id) for step in left}
        ruled = {(step.entity, step.id, field) for step in left for field in self._kept_by_rules(step)}
        for entity, table in firm.items():
            for row_id, row in table.items():
                first = self.first[entity].get(row_id)
                if first is not None:
                    other = {name for name, value in row.items() if value != first[name]}
                    assert all((entity, row_id, name) in ruled for name in other), (entity, row, first, left)
                elif entity == "team_member":
                    assert not row["active"]
                else:
                    assert (entity, row_id) in kept, (entity, row)
        for entity, table in self.first.items():
            assert {(entity, row_id) for row_id in table if row_id not in firm[entity]} <= kept | self.deleted

    def _kept_by_rules(self, step: Step) -> set[str]:
        """The fields of a step that would be written, did no rule refuse them."""
        there = self.model.firm[step.entity].get(step.id)
        if there is None or step.before is None or step.after is None:
            return set()
        return {name for name in step.after if there[name] == step.before[name]}


@pytest.fixture
def opened(new_firm: NewFirm, engine_name: str, request: pytest.FixtureRequest) -> Callable[[], dict[str, Session]]:
    """Opens a new firm with Ana, Bob and Eve at work."""
    server: Server | None = request.getfixturevalue("server") if engine_name == "postgres" else None

    def open_one() -> dict[str, Session]:
        location = new_firm()
        sessions = {ADMIN: opening.open_firm(location, ADMIN)}
        for login in WORKERS[1:]:
            team.add_member(sessions[ADMIN], f"{login.title()} Test", "", login, Access.FULL)
            if server is not None:
                server.login(login, Access.FULL)
            sessions[login] = opening.open_firm(location.replace(f"//{ADMIN}@", f"//{login}@"), login)
        return sessions

    return open_one


def test_the_firm_is_what_the_model_says(opened: Callable[[], dict[str, Session]]) -> None:
    machine = type("Machine", (Machine,), {"open_firm": staticmethod(opened)})
    run_state_machine_as_test(
        machine, settings=hypothesis_settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    )
