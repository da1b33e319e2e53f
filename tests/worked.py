"""Work in a firm: a row of each entity of it, written past the use cases, and what follows from it."""

from clientdesk.desk import patches
from clientdesk.desk.session import Session, changes, keeping
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch, Value


@changes("template.added", Action.MANAGE_WORK)
def work_for(session: Session, client_id: int) -> int:
    """A template with an item, and all that can be kept of a client's work by it; the id of the template."""
    template = added(session, "template", name="Books réview", period="month", due="10 days", begins="2026-01")
    section = added(session, "template_section", template=template, name="Setup «1»")
    item = added(session, "template_item", section=section, title="Ask for the bank's statements")
    account = added(session, "client_account", client=client_id, name="Banco Ñ", currency="EUR")
    key: dict[str, Value] = {"client": client_id, "template": template, "period": "2026-07"}
    added(session, "work", **key, state=2, first="2026-07-01", last="2026-07-31", note="two\nlines", who1=1)
    added(session, "work_item", **key, item=item, state="done", by=1, at="2026-08-03T09:00:00.000+00:00")
    added(session, "reconciliation", **key, account=account, through="2026-07-31", balance="12.50", difference="-0.10")
    added(session, "work_start", client=client_id, template=template, first="2026-07")
    added(session, "odd_period", client=client_id, period="FY2026", first="2026-03-01", last="2026-12-31")
    return template


def added(session: Session, entity: str, **values: Value) -> int:
    """Adds a row inside a change; its id, 0 where it has none."""
    (outcome,) = patches.apply(session, [Patch(entity, "", None, values)])
    present = patches.landed(outcome).present
    assert present is not None
    return present.id


def derived_for(session: Session, template_id: int, client_id: int) -> None:
    """Rows of what follows from work."""
    of_work = ("template_id", "client_id", "of_template", "period", "due", "state", "open_items", "waiting", "who1_id")
    row = (template_id, client_id, template_id, "2026-08", "2026-09-10", 0, 1, 0, 1)
    renewal = (template_id, 1, "2026-08-03T09:00:00.000+00:00", client_id)
    with keeping(session):
        session.engine.insert_many("client_work", of_work, [row, (0, *row[1:])])
        columns = ("template_id", "claimed_by", "claimed_at", "done_to")
        session.engine.insert_many("work_renewal", columns, [renewal])
