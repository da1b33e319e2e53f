"""Undo and redo against a model in plain dictionaries: three members, all kinds of changes, in any order.

CLIENTDESK_UNDO_EXAMPLES asks for more than the few sequences of every run, CLIENTDESK_UNDO_STEPS for longer ones.
"""

import copy
import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clientdesk.desk import clients, opening, plan, settings, team, undoing
from clientdesk.desk.checking import check_firm
from clientdesk.desk.kinds import REDONE, UNDONE
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from tests.conftest import NewFirm
from tests.desk.undone import firm_of
from tests.servers import Server

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


class Change:
    """A change set: who made it, what it wrote, in its order, and which one it takes back."""

    def __init__(self, number: int, who: str, steps: Sequence[Step], of: "Change | None" = None) -> None:
        self.number, self.who, self.steps, self.of = number, who, list(steps), of
        self.undone = False

    @property
    def first(self) -> "Change":
        """The change that people made, of which this one is an undo or redo."""
        return self if self.of is None else self.of.first

    @property
    def is_redo(self) -> bool:
        return self.of is not None and self.of.of is not None


class Model:
    """The firm in plain dictionaries, and all its changes."""

    def __init__(self, firm: Firm) -> None:
        self.firm = copy.deepcopy(firm)
        self.changes: list[Change] = []

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
        for step in reversed(change.steps):
            wanted = Step(step.entity, step.id, step.after, step.before)
            if wanted.after is None and wanted.entity == "team_member":
                wanted = Step(step.entity, step.id, {"active": 1}, {"active": 0})
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
            if not after:
                return [], not in_the_way
            if self.breaks(step):
                return [], False
            self.put(step)
            return [step], not in_the_way
        self.put(step)
        return [step], True

    def stands(self, wanted: Step, who: str) -> bool:
        """Whether something else was done to an added row and not taken back, or somebody else has added it."""
        about = (wanted.entity, wanted.id)
        adders = [
            each.who
            for each in self.changes
            for step in each.steps
            if (step.entity, step.id) == about and step.before is None
        ]
        others = any(
            (step.entity, step.id) == about and step.before is not None
            for each in self.changes
            if each.of is None and not each.undone
            for step in each.steps
        )
        return others or (who not in (adders[-1], ADMIN))

    def would(self, change: Change, who: str) -> tuple[int, int]:
        """How many rows could be taken back, and how many are left."""
        kept = copy.deepcopy(self.firm)
        written, left = self.take_back(change, who)
        self.firm = kept
        return len(written), left

    def latest(self, who: str) -> Change | None:
        for change in reversed(self.changes):
            if change.who == who and change.of is None and not change.undone and any(self.would(change, who)):
                return change
        return None

    def latest_undone(self, who: str) -> Change | None:
        for change in reversed(self.changes):
            if change.who == who:
                if change.of is None:
                    return None
                if not change.is_redo and not change.undone:
                    return change
        return None


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
        self.in_order = True
        """Whether nothing was left by an undo, and none was of a change that another one of the same row came after."""
        self.begun = self.ana.engine.change_set

    # --- changes

    def does(self, who: str, act: Callable[[Session], object], *steps: Step) -> None:
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
        self.model.changes.append(Change(session.engine.change_set, who, real))

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
            self.does(who, lambda session: clients.set_status(session, [each.id for each in steps], active), *steps)

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
            "on": lambda session: plan.put_on_plan(session, client_id, "plus"),
            "off": lambda session: plan.take_off_plan(session, client_id),
            "request": lambda session: plan.request_hand_over(session, client_id),
            "accept": lambda session: plan.accept_hand_over(session, client_id),
            "cancel": lambda session: plan.cancel_hand_over(session, client_id),
        }
        after, possible = wanted[act]
        if possible and (step := self.edits(client_id, **after)):
            self.does(who, acts[act], step)

    @rule(who=st.sampled_from(WORKERS), name=st.sampled_from(("Norte", "Sur")))
    def rename_firm(self, who: str, name: str) -> None:
        before = self.model.firm["firm"][1]["name"]
        if name != before:
            step = Step("firm", 1, {"name": before}, {"name": name})
            self.does(who, lambda session: settings.save(session, settings.info(session), {"name": name}), step)

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
                    who, lambda session: settings.add_type(session, name), Step("client_type", 0, None, {"name": name})
                )
        elif type_id is not None and act == "remove":
            there = self.model.firm["client_type"][type_id]
            if not self.model.led("client_type", type_id):
                step = Step("client_type", type_id, dict(there), None)
                self.does(who, lambda session: settings.remove_type(session, type_id), step)
        elif type_id is not None and not taken:
            step = Step(
                "client_type", type_id, {"name": self.model.firm["client_type"][type_id]["name"]}, {"name": name}
            )

            def rename(session: Session) -> None:
                kind = next(each for each in clients.client_types(session) if each.id == type_id)
                settings.rename_type(session, kind, name)

            self.does(who, rename, step)

    @rule(who=st.sampled_from(WORKERS), email=st.sampled_from(("", "d@a.es")))
    def edit_member(self, who: str, email: str) -> None:
        before = self.model.firm["team_member"][self.dora]["email"]
        if email != before:
            step = Step("team_member", self.dora, {"email": before}, {"email": email})
            self.does(
                who,
                lambda session: team.edit_member(session, team.member_by_key(session, "dora"), {"email": email}),
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

    def _takes_back(self, who: str, change: Change, planned: undoing.Plan) -> None:
        session, would = self.at[who], self.model.would(change, who)
        assert (planned.number, planned.rows, planned.redo) == (change.number, len(change.steps), change.of is not None)
        assert planned.can == would[0]
        assert bool(planned.conflicts) == bool(would[1])
        steps, left = self.model.take_back(change, who)
        undone = undoing.undo(session, planned)
        assert (undone.rows, undone.left) == (len(steps), left)
        assert bool(undone.number) == bool(steps)
        if not steps:
            return
        about = {(step.entity, step.id) for step in change.first.steps}
        later = [each for each in self.model.changes if each.of is None and not each.undone]
        rows = {(step.entity, step.id) for each in later if each.number > change.first.number for step in each.steps}
        self.in_order &= not left and about.isdisjoint(rows)
        self.model.changes.append(Change(undone.number, who, steps, change))
        if change.of is None:
            change.undone = True
        else:
            change.undone, change.of.undone = True, False

    @rule(who=st.sampled_from(WORKERS))
    def undo(self, who: str) -> None:
        change, planned = self.model.latest(who), undoing.latest(self.at[who])
        if change is None:
            assert planned is None or planned.number <= self.begun, "what was done before the first day"
        else:
            assert planned is not None
            self._takes_back(who, change, planned)

    @rule(who=st.sampled_from(WORKERS))
    def redo(self, who: str) -> None:
        change, planned = self.model.latest_undone(who), undoing.latest_undone(self.at[who])
        assert (planned is None) == (change is None)
        if planned is not None and change is not None:
            self._takes_back(who, change, planned)

    @precondition(lambda self: self.model.changes)
    @rule(who=st.sampled_from(WORKERS), data=st.data())
    def undo_any(self, who: str, data: st.DataObject) -> None:
        change = data.draw(st.sampled_from(self.model.changes))
        number = change.number
        if change.is_redo:
            change = change.first
        if change.undone:
            with pytest.raises(Refused, match="already"):
                undoing.plan(self.at[who], number)
        else:
            self._takes_back(who, change, undoing.plan(self.at[who], number))

    @invariant()
    def the_firm_is_what_the_model_says(self) -> None:
        assert firm_of(self.ana) == self.model.firm

    def teardown(self) -> None:
        """Undoing everything in reverse gives the first day, and the firm is sound."""
        try:
            for change in [each for each in reversed(self.model.changes) if each.of is None and not each.undone]:
                self._takes_back(ADMIN, change, undoing.plan(self.ana, change.number))
                self.the_firm_is_what_the_model_says()
            if self.in_order:
                now = copy.deepcopy(self.model.firm)
                for member_id in set(now["team_member"]) - set(self.first["team_member"]):
                    assert not now["team_member"].pop(member_id)["active"]
                types = [sorted(row["name"] for row in each["client_type"].values()) for each in (now, self.first)]
                assert types[0] == types[1]
                assert now == self.first
            assert [finding for finding in check_firm(self.ana) if not finding.sound] == []
            kinds = {
                row[0] for row in self.ana.engine.sql("SELECT kind FROM change_set WHERE undoes IS NOT NULL").fetchall()
            }
            assert kinds <= {UNDONE, REDONE}
        finally:
            for session in self.at.values():
                session.close()


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
