"""Work in a firm: a row of each entity of it, written past the use cases, and what follows from it."""

from clientdesk.desk import patches
from clientdesk.desk.session import Session, changes, keeping
from clientdesk.domain.access import Action
from clientdesk.domain.kept_templates import kept_states
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.work_templates import State


@changes("template.added", Action.MANAGE_WORK)
def work_for(session: Session, client_id: int, name: str = "Books réview") -> int:
    """A template with an item, and all that can be kept of a client's work by it; the id of the template."""
    states = kept_states([State(2, "In review")])
    about = {"period": "month", "due": "10 days", "begins": "2026-01", "states": states}
    template = added(session, "template", name=name, **about)
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


@changes("template.changed", Action.MANAGE_WORK)
def changed_once(session: Session, client_id: int, template: int) -> None:
    """Another template, section, item and account, to which nothing refers; each of them, and all work of the client, is
    changed once."""
    (section,) = session.engine.sql("SELECT min(id) FROM template_section").fetchone()
    (item,) = session.engine.sql("SELECT min(id) FROM template_item").fetchone()
    (account,) = session.engine.sql("SELECT min(id) FROM client_account").fetchone()
    others = {
        "template": added(session, "template", name="Payroll", period="month", due="1 month"),
        "template_section": added(session, "template_section", template=template, name="Payroll"),
        "template_item": added(session, "template_item", section=section, title="File it"),
        "client_account": added(session, "client_account", client=client_id, name="Caja"),
    }
    key = f"{client_id}/{template}"
    rows = {
        **{entity: str(row_id) for entity, row_id in others.items()},
        "work": f"{key}/2026-07",
        "work_item": f"{key}/2026-07/{item}",
        "reconciliation": f"{key}/2026-07/{account}",
        "work_start": key,
        "odd_period": f"{client_id}/FY2026",
    }
    values: dict[str, dict[str, Value]] = {
        "template": {"due": "5 days"},
        "work": {"reason": "late bill"},
        "work_item": {"note": "by mail"},
        "reconciliation": {"balance": "13.00"},
        "work_start": {"first": "2026-06"},
        "odd_period": {"last": "2026-11-30"},
    }
    for entity, row in rows.items():
        change = Patch(entity, row, {}, values.get(entity, {"position": 3}))
        for outcome in patches.apply(session, [change]):
            patches.landed(outcome)


@changes("work.ticked", Action.DO_WORK)
def tick(session: Session, /, client_id: int, template: int, period: str = "2026-08", **more: Value) -> None:
    """Ticks the first item of a client's work of a period that nobody has touched yet."""
    key: dict[str, Value] = {"client": client_id, "template": template, "period": period}
    added(session, "work", **key, first=f"{period}-01", last=f"{period}-28", **more)
    (item,) = session.engine.sql(
        "SELECT min(i.id) FROM template_item i JOIN template_section s ON s.id = i.section_id WHERE s.template_id = ? AND i.retired + s.retired = 0",
        (template,),
    ).fetchone()
    added(session, "work_item", **key, item=item, state="done", by=session.me.id, at="2026-09-03T09:00:00.000+00:00")


def added(session: Session, entity: str, **values: Value) -> int:
    """Adds a row inside a change; its id, 0 where it has none."""
    (outcome,) = patches.apply(session, [Patch(entity, "", None, values)])
    present = patches.landed(outcome).present
    assert present is not None
    return present.id


def derived_for(session: Session, template_id: int, client_id: int) -> None:
    """A renewal of what follows from work that was left before its end."""
    renewal = (template_id, 1, "2026-08-03T09:00:00.000+00:00", client_id, 0)
    with keeping(session):
        columns = ("template_id", "claimed_by", "claimed_at", "done_to", "is_widened")
        session.engine.insert_many("work_renewal", columns, [renewal])
