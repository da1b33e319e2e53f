"""What can be done to many clients at once, each a `BulkChange`: fields edited, the status, the steps of the pricing
plan, deletion."""

from collections.abc import Sequence

from clientdesk.desk import tags
from clientdesk.desk.bulk_changes import BulkChange
from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain import field_edits, own_value_rules
from clientdesk.domain.access import Action
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.own_value_rules import tag_names
from clientdesk.domain.own_values import tag_ids
from clientdesk.domain.patch import Patch, Stored, Value
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.rules import called


@reads
def edits(session: Session, wanted: Sequence[FieldEdit], clients: int) -> BulkChange:
    """Fields edited of so many clients. Refused where a field is not edited by the form, or an edit makes no sense for
    it, or names what the firm does not have."""
    catalogue = session.catalogue
    for edit in wanted:
        field = catalogue.known(edit.field)
        if field is None:
            free = likely_names(edit.field, (field.word for field in catalogue.form_fields))
            raise refuse("unknown_field", value=edit.field, choices=free)
        if field not in catalogue.form_fields and field.kind is not Kind.TAGS:
            raise refuse("fixed_field", field.name, label=field.label, instead=field.instead)
    fields = [field for edit in wanted if (field := catalogue.known(edit.field)) is not None]
    if wrong := field_edits.wrong(fields, wanted, clients):
        raise Refused(*wrong)
    names = Names(session.engine)
    rules = ClientRules("client", session, names)
    completed = [_completed(rules, field, edit) for field, edit in zip(fields, wanted, strict=True)]
    pairs = list(zip(fields, completed, strict=True))
    changed = tuple(dict.fromkeys(edit.field for edit in wanted))
    _demand_known(names, pairs)

    def patch(row: Stored) -> Patch:
        before = {name: row.values.get(name, "") for name in changed}
        after = dict(before)
        for field, edit in pairs:
            after[field.name] = field_edits.edited(field, edit, after[field.name])
        return Patch("client", str(row.id), before, rules.complete(after, new=False))

    lacking = [name for field, edit in pairs for name in _new_tags(field, edit)]

    def begins(session: Session) -> BulkChange:
        tags.tag_ids(session, lacking, create=True)
        session.read_own_fields()
        return edits(session, wanted, clients)

    return BulkChange("client.changed", Action.EDIT_CLIENT, changed, patch, begins if lacking else None)


def _completed(rules: ClientRules, field: Field, edit: FieldEdit) -> FieldEdit:
    """An edit with its value as it is kept; tags by their ids, as far as there are such."""
    if field.kind is Kind.TAGS and edit.value:
        by_name = {fold(name): row_id for row_id, name in field.called.items()}
        parts = tag_names(str(edit.value))
        ids = [row_id for part in parts for row_id in tag_ids(part) or [by_name.get(fold(part), 0)] if row_id]
        unknown = [part for part in parts if not tag_ids(part) and fold(part) not in by_name]
        return edit._replace(value=field_edits.with_new_tags(ids, unknown))
    if edit.how is How.SET:
        return edit._replace(value=rules.complete({edit.field: edit.value}, new=False)[edit.field])
    return edit


def _new_tags(field: Field, edit: FieldEdit) -> Sequence[str]:
    """The tags that are made for an edit."""
    return field_edits.unmade_tags(edit.value) if field.kind is Kind.TAGS and edit.how is not How.REMOVE else ()


def _demand_known(names: Names, pairs: Sequence[tuple[Field, FieldEdit]]) -> None:
    """Refuses what no client can have: an unknown choice, type or team member, or a tag to be removed that there is not."""
    for field, edit in pairs:
        value = edit.value
        if not value or (edit.how is not How.SET and field.kind is not Kind.TAGS):
            continue
        if field.own or field.kind is Kind.TAGS:
            active = {member_id for member_id, member in names.members.items() if member.active}
            if not _new_tags(field, edit) and (refusal := own_value_rules.wrong(field, value, active)) is not None:
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
