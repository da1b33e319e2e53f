"""The plan of a bulk change as a person reads it: client by client, field by field."""

from typing import NamedTuple

from clientdesk.desk.bulk_changes import FieldDifference, Plan, present_of
from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.deletion import Condition, conditions
from clientdesk.domain.field_edits import tags_in_words
from clientdesk.domain.fields import Kind
from clientdesk.domain.own_value_rules import in_words
from clientdesk.domain.patch import Patch, Stored, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import patches as store


class PlanRow(NamedTuple):
    """A client of a plan: how it is called, what changes, or why it is refused; where it is to be deleted, the
    conditions of that."""

    id: int
    company_id: str
    number: str
    name: str
    differences: tuple[FieldDifference, ...] = ()
    problem: Problem | None = None
    active: bool = True
    conditions: tuple[Condition, ...] = ()


@reads
def plan_rows(session: Session, plan: Plan, offset: int, limit: int, refused: bool | None = None) -> list[PlanRow]:
    """Rows of a plan: first those that are refused, then those that change (with `refused`, or without, only these). A
    client that was changed meanwhile is shown as it would become now."""
    why = plan.refused if refused is not False else {}
    changing = plan.client_ids if refused is not True else ()
    client_ids = list(why)[offset : offset + limit]
    start = max(0, offset - len(why))
    client_ids += changing[start : start + limit - len(client_ids)]
    present, _more = store.stored(session.engine, "client", client_ids)
    about = present_of(session, plan.change, client_ids) if plan.change.rows is not None else {}
    names = Names(session.engine)
    return [
        _plan_row(session, plan, names, client_id, present.get(client_id), about.get(client_id))
        for client_id in client_ids
    ]


def _plan_row(
    session: Session,
    plan: Plan,
    names: Names,
    client_id: int,
    row: Stored | None,
    about: "Stored | Problem | None",
) -> PlanRow:
    wrong = plan.refused.get(client_id)
    if row is None:
        name = str(wrong.values.get("name", "")) if wrong is not None else ""
        return PlanRow(client_id, "", "", name, (), wrong or problem("client_gone"), active=False)
    company_id, number, name = (str(row.values[field]) for field in ("company_id", "client_number", "display_name"))
    active = row.values["status"] == "active"
    if plan.change.differences is not None:
        differences: tuple[FieldDifference, ...] = ()
        if isinstance(about, Stored) and isinstance(of_row := plan.change.patch(about), Patch):
            differences = plan.change.differences(about, of_row)
        return PlanRow(client_id, company_id, number, name, differences, wrong, active)
    patch, catalogue, differences = plan.change.patch(row), session.catalogue, ()
    if isinstance(patch, Patch) and patch.after is not None:
        new = ClientRules("client", session, names).complete(patch.after, new=False)
        differences = tuple(
            FieldDifference(
                field,
                known.title if (known := catalogue.known(field)) is not None else field,
                _in_words(catalogue, names, field, row.values.get(field, "")),
                _in_words(catalogue, names, field, value),
            )
            for field, value in new.items()
            if value != row.values.get(field, "")
        )
    all_conditions: tuple[Condition, ...] = ()
    if isinstance(patch, Patch) and patch.after is None:
        all_conditions = conditions(session.me.access, {name: str(value) for name, value in row.values.items()})
    return PlanRow(client_id, company_id, number, name, differences, wrong, active, all_conditions)


def _in_words(catalogue: Catalogue, names: Names, field_name: str, value: Value) -> str:
    """A value as a person reads it."""
    field = catalogue.known(field_name)
    if field is None:
        return str(value or "")
    if field.kind is Kind.MEMBER and isinstance(value, int):
        return names.of("team_member", value)
    if field.kind is Kind.CLIENT_TYPE and isinstance(value, int):
        return names.of("client_type", value)
    if field.kind is Kind.TAGS:
        return tags_in_words(field, value)
    return in_words(field, value) if field.own else field.display(str(value or ""))
