"""A client list against the firm: what each row makes of which client, or why it is refused."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.imports import unique_own_values
from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.lookalikes import Likeness, Lookalikes
from clientdesk.desk.imports.number_claims import claiming, new_claim
from clientdesk.desk.imports.prepared_rows import NAMED_BY
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session
from clientdesk.domain import rules
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.choice_words import NONE
from clientdesk.domain.fold import fold, number_key, same_name
from clientdesk.domain.import_decisions import Decision, What
from clientdesk.domain.judged_row import Draft, Says
from clientdesk.domain.own_values import PREFIX as OWN
from clientdesk.domain.pricing_plan_steps import FIELDS as FIELDS_OF_PLAN
from clientdesk.domain.pricing_plan_steps import step_between
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.unique_client_numbers import Holders
from clientdesk.store import client_lookups, clients
from clientdesk.text import N_, shortened

_MAY_BE_NONE = frozenset(["subscription", "billed_to"])
_NAMED = 5
_PLANNED = tuple(name for name in BUILT_IN.by_name if name in FIELDS_OF_PLAN)
_GONE = N_("Take the ID from the client list.")


class _Firm(NamedTuple):
    """What is read of the firm for some rows, in a few statements."""

    names: Names
    by_key: dict[str, list[client_lookups.StoredClient]]
    merged: dict[str, client_lookups.StoredClient]
    bearers: dict[str, str]
    holders: Holders
    namesakes: dict[str, client_lookups.Namesake]
    alike: dict[int, list[Likeness]]


def client_drafts(
    session: Session, rows: Sequence[tuple[int, Says]], setup: ClientSetup, lookalikes: Lookalikes | None
) -> list[Draft]:
    """What each row (its number, and its values as `prepare` has them) wants of the firm as it stands now.

    Call it inside a use case, with at most a thousand rows. A client that is found changes where a cell is not blank,
    or where it is and `setup.clears` names the field; its Company ID never changes. Rows that find none are added.
    Without `lookalikes` nobody is looked for who resembles a new client; what `setup` says of single rows still counts.
    Whether a number that another client bears can be had is the caller's to find out.
    """
    firm = _read_firm(session, rows, setup, lookalikes)
    return unique_own_values.claiming(session, [_draft(row, values, setup, firm) for row, values in rows])


def _read_firm(
    session: Session, rows: Sequence[tuple[int, Says]], setup: ClientSetup, lookalikes: Lookalikes | None
) -> _Firm:
    engine, names = session.engine, Names(session.engine)
    if not clients.are_there(engine):  # the first list of a firm meets nobody
        return _Firm(names, {}, {}, {}, {}, {}, {})
    by_key = client_lookups.by_keys(
        engine, setup.key, {key for _row, values in rows if (key := _key(setup.key, values))}
    )
    unmatched_rows = [(row, values) for row, values in rows if _key(setup.key, values) not in by_key]
    decisions = (setup.duplicates.get(row) for row, _values in unmatched_rows)
    merged_ids = {decision.value for decision in decisions if decision is not None and decision.what is What.MERGE}
    # A Company ID that no client was found by is free.
    company_ids = (
        []
        if setup.key == "company_id"
        else [company_id for _row, values in unmatched_rows if (company_id := values.get("company_id"))]
    )
    folded_names = {fold(name) for _row, values in unmatched_rows if (name := values.get("display_name"))}
    return _Firm(
        names,
        by_key,
        {
            company_id: matches[0]
            for company_id, matches in client_lookups.by_keys(engine, "company_id", merged_ids).items()
        },
        clients.taken(engine, company_ids),
        clients.holders(engine, (values.get("client_number", "") for _row, values in rows)),
        client_lookups.namesakes(engine, folded_names),
        lookalikes.like(session, unmatched_rows) if lookalikes else {},
    )


def _key(name: str, values: Mapping[str, str]) -> str:
    """What a row's client is found by; "" where it says nothing there."""
    value = values.get(name, "") if name else ""
    if name == "client_number":
        return number_key(value)
    return same_name(value) if name == "display_name" else value


def _draft(row: int, values: Mapping[str, str], setup: ClientSetup, firm: _Firm) -> Draft:
    draft = Draft(row)
    resolved, wrong = _resolved(values, setup, firm.names)
    if wrong is not None:
        return draft.refused(wrong)
    matches = firm.by_key.get(_key(setup.key, values), [])
    if len(matches) > 1:
        company_ids = ", ".join(
            [*(client.values["company_id"] for client in matches[:_NAMED]), *["…"] * (len(matches) > _NAMED)]
        )
        name = {"name": shortened(values["display_name"]), "company_ids": company_ids}
        return draft.refused(problem("ambiguous_name", "display_name", **name))
    if matches:
        return _change(draft, resolved, setup.clears, matches[0], firm)
    alike = tuple([_likely(likeness, values) for likeness in firm.alike.get(row, ())])
    if alike:
        draft = draft._replace(notices=alike)
    decision = setup.decided(row, resolved, alike=bool(alike))
    if decision.what is What.MERGE:
        return _merge(draft, resolved, decision.value, firm)
    draft = _addition(draft, resolved, setup.key, firm)
    skipped = decision.what is What.SKIP and draft.problem is None
    return Draft(row, notices=alike, skipped=True) if skipped else draft


def _resolved(values: Mapping[str, str], setup: ClientSetup, names: Names) -> tuple[dict[str, str], Problem | None]:
    """A row's values with references by the names as the firm writes them."""
    resolved, wrong = dict(values), None
    if client_type := resolved.get("client_type"):
        becomes = _becomes(client_type, names.type_names, setup.types, creating=True)
        if becomes is None:
            choices = ", ".join(names.types.values())
            wrong = problem("unknown_client_type", "client_type", value=shortened(client_type), choices=choices)
        resolved["client_type"] = becomes or ""
    if lead := resolved.get("lead"):
        becomes = _becomes(lead, names.lead_names, setup.leads, creating=False)
        if becomes is None and lead not in setup.leads:
            becomes = names.former_names.get(fold(lead))  # who is inactive leads on the clients whom they lead already
        if becomes is None:
            wrong = wrong or problem("unknown_lead", "lead", value=shortened(lead))
        resolved["lead"] = becomes or ""
    for name in resolved:
        if name.startswith(OWN) and (person := resolved[name]) and names.names_member(name):
            becomes = names.lead_names.get(fold(person)) or names.former_names.get(fold(person))
            if becomes is None:
                wrong = wrong or problem("own_member", name, label=names.label(name), value=shortened(person))
            resolved[name] = becomes or ""
    return resolved, wrong


def _becomes(name: str, names: Mapping[str, str], decisions: Mapping[str, Decision], *, creating: bool) -> str | None:
    """A name as the firm writes it, or what the person wants in the place of one that it does not know ("": empty);
    None where it is refused."""
    if firm_name := names.get(fold(name)):
        return firm_name
    match decisions.get(name):
        case Decision(What.EMPTY):
            return ""
        case Decision(What.CREATE) if creating:
            return name
        case Decision(What.EXISTING, chosen_name):
            return names.get(fold(chosen_name))
    return None


def _likely(like: Likeness, says: Mapping[str, str]) -> Problem:
    values = {
        "value": shortened(says.get(like.field, "")),
        "name": shortened(like.name),
        "number": like.number or like.company_id,
        "company_id": like.company_id,
    }
    return problem("likely_duplicate", like.field, label=BUILT_IN.by_name[like.field].label, **values)


def _value(says: Mapping[str, str], name: str) -> str | None:
    """What a row says of a field: "" for a blank cell, None where it has no column."""
    value = says.get(name)
    return "" if value == NONE and name in _MAY_BE_NONE else value


def _former(says: Mapping[str, str], firm: _Firm) -> Problem | None:
    """The refusal of a lead accountant who is inactive, and of what is given to nobody any more in an own field."""
    lead = says.get("lead", "")
    if lead and lead in firm.names.former_names.values():
        return problem("unknown_lead", "lead", value=shortened(lead))
    own = (firm.names.no_longer(name, value) for name, value in says.items() if name.startswith(OWN))
    return next(filter(None, own), None)


def _merge(draft: Draft, says: Mapping[str, str], company_id: str, firm: _Firm) -> Draft:
    """What a row changes of the client that the person says it is; that client keeps its Company ID."""
    client = firm.merged.get(company_id)
    if client is None:
        return draft.refused(problem("unknown_company_id", "company_id", company_id=shortened(company_id), hint=_GONE))
    row_company_id = says.get("company_id", "")
    if row_company_id and row_company_id != company_id:
        values = {
            "company_id": company_id,
            "given": shortened(row_company_id),
            "name": shortened(client.values["display_name"]),
        }
        notice = problem("company_id_kept", "company_id", **values)
        draft = draft._replace(notices=(*draft.notices, notice))
    return _change(draft, {**says, "company_id": ""}, frozenset(), client, firm)


def _change(
    draft: Draft, says: Mapping[str, str], clears: frozenset[str], client: client_lookups.StoredClient, firm: _Firm
) -> Draft:
    """What a row changes of a client that is there."""
    present = client.values
    display_name = present["display_name"]
    draft = draft._replace(client_id=client.id, name=display_name, identity=f"id:{client.id}")
    company_id = says.get("company_id") or present["company_id"]
    if company_id != present["company_id"]:
        values = {"company_id": present["company_id"], "given": shortened(company_id), "name": shortened(display_name)}
        return draft.refused(problem("company_id_differs", "company_id", **values))
    changes, same = {}, {}
    for name in says:
        if name == "company_id" or name == NAMED_BY or (name == "display_name" and NAMED_BY in says):
            continue
        value = _value(says, name)
        if value or name in clears or says[name]:
            value = value or BUILT_IN.empty.get(name, "")
            if value != present.get(name, ""):
                changes[name] = value
            elif name not in FIELDS_OF_PLAN:
                same[name] = value
    plan_notices = [_left_to_plan(name, present, changes.pop(name)) for name in _PLANNED if name in changes]
    draft = draft._replace(notices=(*draft.notices, *plan_notices))
    if wrong := _former(changes, firm):
        return draft.refused(wrong)
    draft = draft._replace(before={name: present.get(name, "") for name in changes}, values=changes, same=same)
    number = present["client_number"]
    draft = claiming(draft, number, changes.get("client_number", number), firm.holders)
    if "display_name" in changes and not changes["display_name"]:
        return draft.refused(problem("required", "display_name", label=BUILT_IN.by_name["display_name"].label))
    if not changes.keys().isdisjoint(_MAY_BE_NONE) and (wrong := _unpaid({**present, **changes})):
        return draft.refused(wrong)
    if changes and present["status"] == "inactive" and "status" not in changes:
        inactive = problem("client_inactive", "status", name=shortened(display_name))
        draft = draft._replace(notices=(*draft.notices, inactive))
    return draft


def _left_to_plan(name: str, present: Mapping[str, str], value: str) -> Problem:
    """The notice of a cell that would change what only the commands of the plan change."""
    field, step = BUILT_IN.by_name[name], step_between(name, present[name], value)
    words = step.words.replace("KEY", present["company_id"]) if step else "--help"
    values = {"value": field.display(value), "action": step.title if step else "", "step": words}
    return problem("left_to_plan", name, label=field.label, **values)


def _addition(draft: Draft, says: Mapping[str, str], key: str, firm: _Firm) -> Draft:
    """The client that a row adds; its Company ID is "" where the row brings none."""
    values = _all_values(says)
    company_id, name, number = values["company_id"], values["display_name"], values["client_number"]
    if company_id and rules.looks_cut(company_id):
        shown = shortened(company_id)
        return draft.refused(problem("unknown_company_id", "company_id", company_id=shown, hint=rules.CUT))
    if holder := firm.bearers.get(company_id):
        return draft.refused(problem("company_id_taken", "company_id", company_id=company_id, holder=shortened(holder)))
    if wrong := _former(says, firm):
        return draft.refused(wrong)
    if not name:
        return draft.refused(problem("no_name", "display_name"))
    if wrong := _unpaid(values):
        return draft.refused(wrong)
    notices = draft.notices
    if not notices and (namesake := firm.namesakes.get(fold(name))):
        notice = problem("same_name", "display_name", name=shortened(namesake.name), number=namesake.number or "—")
        notices = (*notices, notice)
    identity = f"new:{company_id}" if company_id else f"name:{same_name(name)}" if key == "display_name" else ""
    claim, holder_id, holder_name = new_claim(number, firm.holders)
    return Draft(
        draft.row,
        notices=notices,
        values=values,
        identity=identity,
        claim=claim,
        holder=holder_id,
        holder_name=holder_name,
    )


def new_client(setup: ClientSetup, says: Says, names: Names) -> dict[str, str]:
    """All values of the new client that a row says; a name that stands for nothing as it is there."""
    resolved, wrong = _resolved(says, setup, names)
    return _all_values(says if wrong is not None else resolved)


def _all_values(says: Mapping[str, str]) -> dict[str, str]:
    values = dict(BUILT_IN.empty)
    for name, value in says.items():
        if value:
            values[name] = value
    values.pop(NAMED_BY, None)
    for choice in _MAY_BE_NONE:
        if values[choice] == NONE:
            values[choice] = BUILT_IN.empty[choice]
    return values


def _unpaid(values: Mapping[str, str]) -> Problem | None:
    """The refusal of a client whom the firm's plan pays for without a subscription."""
    if values["billed_to"] == "firm" and not values["subscription"]:
        return problem("plan_without_subscription", "subscription")
    return None
