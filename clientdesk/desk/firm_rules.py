"""What the rules say of a change of the firm, of a team member, of a client type."""

from collections.abc import Mapping, Sequence
from typing import Any

from clientdesk.desk.judging import Case, Names, kept_added
from clientdesk.desk.meanwhile import deleted_by, last_by
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access, Action
from clientdesk.domain.contact import check_email
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.firm_settings import BY_NAME as SETTINGS
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Patch, Stored, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import tidy
from clientdesk.store import firm, history, undoing
from clientdesk.store.bounds import limit
from clientdesk.store.engines import Statement
from clientdesk.store.entities import TEAM_MEMBER
from clientdesk.text import N_

LABELS = {each.name: each.label for each in TEAM_MEMBER.attributes if each.name != "active"}
"""The fields of a team member that a form fills in."""
GIVEN = (Access.FULL, Access.BASIC)
"""The access that can be given; the primary admin's is handed over."""
FIRM_KEY = "1"
"""The key of the firm's only row."""
_NAME = BY_NAME["display_name"]


class Rules:
    """What the rules of the small entities have in common: one patch at a time, which is seen by the next."""

    together = 1

    def __init__(self, session: Session, names: Names) -> None:
        self._session = session
        self._names = names

    def complete(self, values: Mapping[str, Value], new: bool) -> dict[str, Value]:
        """See Rules: names and what else is typed are tidied as a client's name is."""
        return {name: tidy(_NAME, value) if isinstance(value, str) else value for name, value in values.items()}

    def asks(self, patches: Sequence[Patch]) -> Sequence[Statement]:
        """See Rules: `problems` asks for itself."""
        return ()

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """See Rules."""

    def broken_by_both(self, case: Case) -> list[Problem]:
        """See Rules: there are no rules between fields of these."""
        return []

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """See Rules: one at a time has no rival."""
        return {}

    def meanwhile(self, there: Stored, before: Mapping[str, Value]) -> Problem:
        """See Rules."""
        return problem("stale", name=self.called(there.values))

    def called(self, values: Mapping[str, Value]) -> str:
        """See Rules."""
        return str(values["name"])


def _of_name(text: Value, label: str, longest: int) -> list[Problem]:
    name = str(text)
    if not name:
        return [problem("required", "name", label=label)]
    if len(name) > longest:
        return [problem("too_long", "name", label=label, value=name, length=len(name), limit=longest)]
    return []


class MemberRules(Rules):
    """See `patches.Rules`."""

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: who may change this member at all comes first, then what is wrong with the values."""
        if case.patch.after is None:
            return [problem("member_stays", name=self.called(case.whole))]
        guarded = self._guarded(case) if case.present is not None else None
        return [guarded] if guarded is not None else self._of_values(case)

    def broken_by_both(self, case: Case) -> list[Problem]:
        """See Rules: who was made inactive meanwhile counts as such."""
        assert case.present is not None
        before = case.patch.before or {}
        return [self.meanwhile(case.present, before)] if _made_inactive(case.present, before) else []

    def meanwhile(self, there: Stored, before: Mapping[str, Value]) -> Problem:
        """See Rules."""
        if not _made_inactive(there, before):
            return super().meanwhile(there, before)
        who = last_by(self._session, "team_member", str(there.id), ["active"])
        return problem("made_inactive", name=self.called(there.values), who=who)

    def _guarded(self, case: Case) -> Problem | None:
        assert case.present is not None
        member_id, changed, me = case.present.id, set(case.changed), self._session.me
        the_firm = firm.firm(self._session.engine)
        name = self.called(case.present.values)
        if member_id == the_firm.primary_admin_id:
            if "access" in changed or "active" in changed:
                return problem("primary_admin_stays", "access" if "access" in changed else "", name=name)
            if member_id != me.id and (denied := self._session.denial(Action.EDIT_PRIMARY_ADMIN)):
                return denied
        if member_id == me.id and "active" in changed:
            return problem("not_yourself")
        if (
            changed & {"login", "access", "active"}
            and the_firm.offered_to_id == member_id
            and not self._session.allows(Action.HAND_OVER)
        ):
            return problem("offer_stays", name=name, admin=self._session.firm.primary_admin)
        if member_id == me.id and "login" in changed:
            return problem("not_yourself", "login")
        return None

    def _of_values(self, case: Case) -> list[Problem]:
        changed, whole, engine = case.changed, case.whole, self._session.engine
        texts = {name: str(whole[name]) for name in LABELS if name in changed}
        found = [problem("required", name, label=LABELS[name]) for name in ("name", "login") if texts.get(name) == ""]
        for name, value in texts.items():
            if name != "access" and len(value) > (longest := limit("team_member", name)):
                about = {"label": LABELS[name], "value": value, "length": len(value), "limit": longest}
                found.append(problem("too_long", name, **about))
        own = case.present.id if case.present is not None else None
        if texts.get("name"):
            other = firm.member_by_name(engine, texts["name"])
            if other is not None and other.id != own:
                found.append(problem("member_name_taken", "name", name=other.name))
        if texts.get("login"):
            other = firm.member_by_login(engine, texts["login"])
            if other is not None and other.id != own:
                found.append(problem("login_taken", "login", login=texts["login"], name=other.name))
        if texts.get("email") and (wrong := check_email(texts["email"])):
            found.append(wrong)
        if "access" in texts and texts["access"] not in GIVEN:
            about = {"label": LABELS["access"], "value": texts["access"], "choices": ", ".join(GIVEN)}
            found.append(problem("not_a_choice", "access", **about))
        if own is not None and "active" in changed and not whole["active"] and (left := firm.clients_led(engine, own)):
            found.append(problem("leads_clients", name=self.called(whole), count=left))
        return found

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """See Rules."""
        return {key: problem("member_gone") for key in keys}


def _made_inactive(there: Stored, before: Mapping[str, Value]) -> bool:
    return bool(before.get("active")) and not there.values["active"]


class TypeRules(Rules):
    """See `patches.Rules`."""

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        own = case.present.id if case.present is not None else None
        if case.patch.after is None and own is not None:
            if self._session.undoes is not None and (kept := self._kept(case)):
                return kept
            count = firm.clients_of_type(self._session.engine, own)
            return [problem("type_in_use", name=self.called(case.whole), count=count)] if count else []
        name = str(case.whole["name"])
        found = _of_name(name, N_("The client type's name"), limit("client_type", "name"))
        if not found:
            for type_id, other in self._names.types.items():
                if fold(other) == fold(name) and type_id != own:
                    return [problem("type_taken", "name", name=other)]
        return found

    def _kept(self, case: Case) -> list[Problem]:
        key = case.patch.key
        answers = self._session.engine.together(*undoing.standing_asked("client_type", [key]))
        instead = N_("It stays; it can be renamed, or removed where no client has it.")
        return kept_added(self._session, self.called(case.whole), undoing.standing(answers).get(key), instead)

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """See Rules."""
        deletions = history.deletions(self._session.engine, "client_type", keys)
        gone = {}
        for key in keys:
            entry = deletions.get(key)
            name = str(entry.old.get("name", "")) if entry else ""
            gone[key] = problem("type_gone", name=name or f"#{key}", who=deleted_by(self._session, entry))
        return gone


class FirmRules(Rules):
    """See `patches.Rules`."""

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        changed, whole, me = case.changed, case.whole, self._session.me
        found: list[Problem] = []
        if case.present is None or case.patch.after is None:
            return [problem("firm_stays", name=self.called(whole))]
        for name in changed:
            if (setting := SETTINGS.get(name)) is not None:
                denied = self._session.denial(setting.action)
                found += [denied] if denied else setting.problems(whole[name])
        if "offered_to" in changed and whole["offered_to"] is not None:
            found += self._of_offer(whole["offered_to"])
        holder = case.present.values["offered_to"]
        if "offered_to" in changed and holder not in (None, me.id) and not self._session.allows(Action.HAND_OVER):
            name = self._names.of("team_member", int(str(holder)))
            found.append(problem("offer_stays", name=name, admin=self._session.firm.primary_admin))
        if "primary_admin" in changed:
            if holder != me.id or whole["primary_admin"] != me.id:
                found.append(problem("no_hand_over"))
            elif me.access is not Access.FULL:
                found.append(problem("hand_over_needs_full", name=me.name))
        return found

    def _of_offer(self, member_id: Value) -> list[Problem]:
        member = firm.member(self._session.engine, int(str(member_id)))
        if member is None:
            return [problem("member_gone")]
        if member.id == self._session.me.id:
            return [problem("not_yourself")]
        if not member.active or member.access != Access.FULL:
            return [problem("hand_over_needs_full", name=member.name)]
        return []

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """See Rules."""
        return {key: problem("member_gone") for key in keys}
