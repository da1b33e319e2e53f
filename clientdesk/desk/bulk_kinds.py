"""What can be done to many clients at once, each a `BulkChange`: fields edited, the status, the steps of the pricing
plan, deletion."""

from collections.abc import Sequence

from clientdesk.desk.bulk_changes import BulkChange
from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain import field_edits, own_value_rules
from clientdesk.domain.access import Action
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.fields import Kind
from clientdesk.domain.patch import Patch, Stored, Value
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.rules import called


@reads
def edits(session: Session, wanted: Sequence[FieldEdit], clients: int) -> BulkChange:
    """Fields edited of so many clients. Refused where a field is not edited by the form, or an edit makes no sense for
    it, or names what the firm does not have."""
    catalogue = session.catalogue
    for edit in wanted:
        if edit.field not in catalogue.by_name:
            free = ", ".join(field.word for field in catalogue.form_fields)
            raise refuse("unknown_field", value=edit.field, choices=free)
        field = catalogue.by_name[edit.field]
        if field not in catalogue.form_fields:
            raise refuse("fixed_field", field.name, label=field.label, instead=field.instead)
    fields = [catalogue.by_name[edit.field] for edit in wanted]
    if wrong := field_edits.wrong(fields, wanted, clients):
        raise Refused(*wrong)
    names = Names(session.engine)
    rules = ClientRules("client", session, names)
    completed = [
        edit._replace(value=rules.complete({edit.field: edit.value}, new=False)[edit.field])
        if edit.how is How.SET or catalogue.by_name[edit.field].kind is Kind.TAGS
        else edit
        for edit in wanted
    ]
    _demand_known(catalogue, names, completed)
    pairs = list(zip(fields, completed, strict=True))

    def patch(row: Stored) -> Patch:
        after = {field.name: field_edits.edited(field, edit, row.values.get(field.name, "")) for field, edit in pairs}
        before = {name: row.values.get(name, "") for name in after}
        return Patch("client", str(row.id), before, rules.complete(after, new=False))

    return BulkChange("client.changed", Action.EDIT_CLIENT, tuple(edit.field for edit in wanted), patch)


def _demand_known(catalogue: Catalogue, names: Names, wanted: Sequence[FieldEdit]) -> None:
    """Refuses what no client can have: an unknown choice, type or team member."""
    for edit in wanted:
        field, value = catalogue.by_name[edit.field], edit.value
        if not value or (edit.how is not How.SET and field.kind is not Kind.TAGS):
            continue
        if field.own or field.kind is Kind.TAGS:
            active = {member_id for member_id, member in names.members.items() if member.active}
            if (refusal := own_value_rules.wrong(field, value, active)) is not None:
                raise Refused(refusal)
            continue
        if field.choices and value not in {choice.value for choice in field.choices}:
            allowed = ", ".join(choice.value for choice in field.choices if choice.value)
            raise refuse("not_a_choice", field.name, label=field.label, value=value, choices=allowed)
        if field.kind is Kind.CLIENT_TYPE and value not in names.types:
            raise refuse("unknown_client_type", field.name, value=value, choices=", ".join(names.types.values()))
        if field.kind is Kind.MEMBER:
            member = names.members.get(value) if isinstance(value, int) else None
            if member is None or not member.active:
                raise refuse("unknown_lead", field.name, value=member.name if member else value)


OWN_WAYS = ("status", "billed_to", "primary_admin")
"""The fields that no form edits: they have use cases of their own."""


def wanted(session: Session, wanted_edits: Sequence[FieldEdit], clients: int) -> BulkChange:
    """What edits come to: a field that no form edits goes the way of its own. Of “billed to” the firm, `by` is the
    subscription. Refused as `edits` is, and where such a field cannot be so."""
    (first, *others) = wanted_edits
    if others or first.field not in OWN_WAYS or first.how is not How.SET:
        return edits(session, wanted_edits, clients)
    way = (first.field, str(first.value))
    if first.field == "status" and first.value in ("active", "inactive"):
        return status(first.value == "active")
    if way == ("billed_to", "firm") and first.by:
        return put_on_plan(first.by)
    for name, (_kind, field, _before, after, _otherwise) in _STEPS.items():
        if way == (field, after):
            return plan_step(name)
    return edits(session, wanted_edits, clients)


def status(active: bool) -> BulkChange:
    """Clients activated, or deactivated."""
    kind, value = ("client.activated", "active") if active else ("client.deactivated", "inactive")
    return BulkChange(kind, Action.CHANGE_STATUS, ("status",), lambda row: _changed(row, {"status": value}))


_STEPS = {
    "off": ("plan.off", "billed_to", "firm", "client", "not_on_plan"),
    "hand-over": ("plan.requested", "primary_admin", "firm", "requested", "hand_over_not_firm"),
    "accept": ("plan.accepted", "primary_admin", "requested", "client", "hand_over_not_requested"),
    "cancel": ("plan.cancelled", "primary_admin", "requested", "firm", "hand_over_not_requested"),
}
"""By the word behind “clientdesk plan”: the kind, the field, what stands there before and after, and the refusal of a
client that does not stand before the step."""


def plan_step(name: str) -> BulkChange:
    """A step of the pricing plan: "off", "hand-over", "accept" or "cancel"."""
    kind, field, before, after, otherwise = _STEPS[name]

    def patch(row: Stored) -> Patch | Problem:
        if row.values[field] == after and name != "cancel":
            return _changed(row, {field: after})  # it is past the step already
        if row.values[field] != before:
            return problem(otherwise, name=called(str(row.values["display_name"])))
        return _changed(row, {field: after})

    return BulkChange(kind, Action.MANAGE_PLAN, (field,), patch)


def put_on_plan(subscription: str) -> BulkChange:
    """Clients put on the firm's plan with a subscription (a value of that field, not empty)."""
    after: dict[str, Value] = {"subscription": subscription, "billed_to": "firm"}
    return BulkChange("plan.on", Action.MANAGE_PLAN, tuple(after), lambda row: _changed(row, after))


def _changed(row: Stored, after: dict[str, Value]) -> Patch:
    return Patch("client", str(row.id), {name: row.values[name] for name in after}, after)


def deletion(session: Session) -> BulkChange:
    """Clients deleted permanently, those that meet the conditions; of the others each unmet one is told."""
    return BulkChange(
        "client.deleted",
        Action.DELETE_CLIENT,
        session.catalogue.names,
        lambda row: Patch("client", str(row.id), row.values, None),
    )
