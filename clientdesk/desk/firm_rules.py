"""What the rules say of a change of the firm, of a team member, of a client type."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Rules
from clientdesk.domain.access import Access, Action
from clientdesk.domain.contact import check_email
from clientdesk.domain.firm_settings import BY_NAME as SETTINGS
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import firm, history, work_rows, work_templates
from clientdesk.store.entities import TEAM_MEMBER
from clientdesk.text import N_, _

LABELS = {attribute.name: attribute.label for attribute in TEAM_MEMBER.attributes if attribute.name != "active"}
"""The fields of a team member that a form fills in."""
ACCESS_CHOICES = (Access.FULL, Access.BASIC)
"""The access that can be given; the primary admin's is handed over."""
FIRM_KEY = "1"
"""The key of the firm's only row."""


class MemberRules(Rules):
    """The rules of a team member. One at a time, as each is seen by the next."""

    together = 1
    activity = "active", 1
    stays = "member_stays"

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: who may change this member at all comes first, then what is wrong with the values."""
        guarded = self._guarded(case) if case.present is not None else None
        return [guarded] if guarded is not None else [*super().problems(case), *self._of_values(case)]

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
        changed, engine, problems = case.changed, self._session.engine, []
        own_id = case.present.id if case.present is not None else None
        if name := changed.get("name"):
            namesake = firm.member_by_name(engine, str(name))
            if namesake is not None and namesake.id != own_id:
                problems.append(problem("member_name_taken", "name", name=namesake.name))
        if login := changed.get("login"):
            holder = firm.member_by_login(engine, str(login))
            if holder is not None and holder.id != own_id:
                problems.append(problem("login_taken", "login", login=login, name=holder.name))
        if (email := changed.get("email")) and (wrong := check_email(str(email))):
            problems.append(wrong)
        if "access" in changed and changed["access"] not in ACCESS_CHOICES:
            about = {"label": LABELS["access"], "value": changed["access"], "choices": ", ".join(ACCESS_CHOICES)}
            problems.append(problem("not_a_choice", "access", **about))
        if own_id is not None and not changed.get("active", 1) and (clients_led := firm.clients_led(engine, own_id)):
            problems.append(problem("leads_clients", name=self.called(case.whole), count=clients_led))
        if (
            own_id is not None
            and not changed.get("active", 1)
            and (works := work_rows.count_open_work_of(engine, own_id))
        ):
            problems.append(problem("does_work", name=self.called(case.whole), count=works))
        if (
            own_id is not None
            and not changed.get("active", 1)
            and (templates := work_templates.giving_roles_to(engine, own_id))
        ):
            names = ", ".join(template.name for template in templates)
            problems.append(problem("has_template_roles", name=self.called(case.whole), templates=names))
        return problems

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        return problem("member_gone")


class TypeRules(Rules):
    """The rules of a client type. One at a time, as each is seen by the next."""

    together = 1
    labels = {"name": N_("The client type's name")}
    in_use = {("client", "client_type"): "type_in_use"}
    instead = N_("It stays; it can be renamed, or removed where no client has it.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: no two types have a name that differs in case or accents only."""
        name, own_id = str(case.whole["name"]), case.present.id if case.present is not None else None
        wrong = super().problems(case)
        same_names = [
            type_name
            for type_id, type_name in self._names.types.items()
            if fold(type_name) == fold(name) and type_id != own_id
        ]
        return wrong or [problem("type_taken", "name", name=type_name) for type_name in same_names[:1]]

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The client type {name}").format(name=self.called(as_read))

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        name = str(entry.old.get("name", "")) if entry else ""
        return problem("type_gone", name=name or f"#{key}", who=deleted_by(self._session, entry))


class FirmRules(Rules):
    """The rules of the firm's only row."""

    together = 1
    stays = "firm_stays"

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules: the one setting, or the firm."""
        setting = SETTINGS.get(fields[0]) if len(fields) == 1 else None
        return _(setting.subject or setting.title) if setting is not None else _("The firm")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        changed, whole, me = case.changed, case.whole, self._session.me
        problems: list[Problem] = []
        if case.present is None:
            return [problem("firm_stays", name=self.called(whole))]
        for name in changed:
            if (setting := SETTINGS.get(name)) is not None:
                denied = self._session.denial(setting.action)
                problems += [denied] if denied else setting.problems(whole[name])
        if "offered_to" in changed and whole["offered_to"] is not None:
            problems += self._of_offer(whole["offered_to"])
        holder = case.present.values["offered_to"]
        if "offered_to" in changed and holder not in (None, me.id) and not self._session.allows(Action.HAND_OVER):
            name = self._names.of("team_member", int(str(holder)))
            problems.append(problem("offer_stays", name=name, admin=self._session.firm.primary_admin))
        if "primary_admin" in changed:
            if holder != me.id or whole["primary_admin"] != me.id:
                problems.append(problem("no_hand_over"))
            elif me.access is not Access.FULL:
                problems.append(problem("hand_over_needs_full", name=me.name))
        return problems

    def _of_offer(self, member_id: Value) -> list[Problem]:
        member = firm.member(self._session.engine, int(str(member_id)))
        if member is None:
            return [problem("member_gone")]
        if member.id == self._session.me.id:
            return [problem("not_yourself")]
        if not member.active or member.access != Access.FULL:
            return [problem("hand_over_needs_full", name=member.name)]
        return []
