"""Evidence of a work: who did what when of a client's work in a period, as the sealed history has it, as one document."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from clientdesk.desk import work
from clientdesk.desk.carried_history import unpack
from clientdesk.desk.change_words import field_values
from clientdesk.desk.history import of_whom, readable
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.desk.work_facts import TemplateFacts
from clientdesk.desk.work_records import Item, Reconciliation, Work, WorkOf
from clientdesk.domain.amounts import in_text
from clientdesk.domain.fold import fold
from clientdesk.domain.periods import days_in_words
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import called
from clientdesk.domain.spreadsheet_cells import neutral
from clientdesk.domain.work_templates import ITEM_STATES
from clientdesk.store import history, work_rows
from clientdesk.store.entities import ENTITIES
from clientdesk.text import _, display_lines, display_text, local_time

_COLUMNS = ("change", "at", "who", "kind", "title", "about", "field", "before", "after")
_KEY_PARTS = ("client", "template", "period")
_NEVER_SHOWN = (*_KEY_PARTS, "item", "account", "by", "at")
"""What of an entry is said by whom and when it is of, and by what it is about."""


class Evidence(NamedTuple):
    """What is known of a work: how client and template are called, the work as it stands (None: it is there no more), and all that
    was done of it, oldest first, each with the item or the account that it is about ("": the work itself). `came_along` says
    that the client has come from another firm; what was done of it there, by a template of this name, stands first."""

    of: WorkOf
    client: str
    template: str
    work: Work | None
    changes: tuple[Change, ...]
    came_along: bool = False


@reads
def which(session: Session, key: str, template: TemplateFacts | None = None, period: str = "") -> WorkOf:
    """Which work of a client is meant, by its Company ID or number, also of one that was deleted: of that one template and
    period must be named. Refused as `work.which` is."""
    client_id = of_whom(session, key)
    try:
        return work.which(session, client_id, template, period)
    except Refused as refusal:
        if refusal.code != "client_gone" or template is None or not period:
            raise
        return WorkOf(client_id, template.id, work.period_of(template, period))


@reads
def evidence(session: Session, of: WorkOf) -> Evidence:
    """The evidence of a work; also of a client that was deleted. Refused where there is neither such a work nor anything that
    was done of it."""
    engine = session.engine
    entries = work_rows.entries_of(engine, of.key)
    client, template = str(of.client_id), str(of.template_id)
    carried = _carried(session, of.client_id)
    of_work = [
        told for change in carried if (told := _of_work(change, history.name_of(engine, "template", template), of))
    ]
    try:
        stands: Work | None = work.read_within(session, of)
    except Refused:
        if not entries and not of_work:
            raise
        stands = None
    parts = {(entry.entity, entry.key): _part(entry) for entry in entries if entry.entity in _PARTS}
    keys: dict[str, set[str]] = {"client": {client}, "template": {template}}
    for entity, key in parts.values():
        keys.setdefault(entity, set()).add(key)
    names = history.names(engine, keys)
    changes = tuple(
        change._replace(subject=names.get(parts.get((change.entity, change.key), ("", "")), ""))
        for change in readable(session, entries)
    )
    client_name, template_name = names.get(("client", client), ""), names.get(("template", template), "")
    return Evidence(of, client_name, template_name, stands, (*of_work, *changes), bool(carried))


def _carried(session: Session, client_id: int) -> Sequence[Change]:
    """What a client brought along from another firm, oldest first."""
    addition = history.addition(session.engine, "client", str(client_id))
    return unpack(session, client_id, addition.change_set, 0, sys.maxsize)[::-1]


def _of_work(change: Change, template: str, of: WorkOf) -> Change | None:
    """What a change that a client brought along says of a work, as if it had been done here; None for nothing. Its fields are
    called by the work, and by the item or the account that they are about."""
    beginning = f"{template}, {of.period.key}"
    hidden = {_(ENTITIES["work_item"].by_name[name].label) for name in ("by", "at")}
    fields: list[FieldChange] = []
    subject = ""
    for field in change.fields:
        about, _sign, label = field.label.rpartition(": ")
        rest = about[len(beginning) :]
        if fold(about[: len(beginning)]) == fold(beginning) and (not rest or rest.startswith(", ")):
            subject = rest.removeprefix(", ")
            if label not in hidden:
                fields.append(field._replace(label=label))
    return change._replace(fields=tuple(fields), subject=subject) if fields else None


_PARTS = {"work_item": "template_item", "reconciliation": "client_account"}
"""What a part of a work is about: the entity whose id is the last part of its key."""


def _part(entry: history.Entry) -> tuple[str, str]:
    return _PARTS[entry.entity], entry.key.rpartition("/")[2]


# --- as Markdown


def in_markdown(found: Evidence) -> str:
    """The evidence as a document in Markdown; nothing in it is taken for a mark, or steers a terminal."""
    title = _("{template} of {client}, {period}").format(
        template=_plain(found.template), client=_plain(called(found.client)), period=found.of.period.words
    )
    parts = [f"# {title}"]
    if found.work is not None:
        parts += _standing(found.work)
    parts += [f"## {_('What was done')}", _log(found.changes) if found.changes else _nothing(found)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _standing(stands: Work) -> Iterator[str]:
    """How a work stands: its head, its sections with their items, its accounts."""
    settled, items = stands.progress
    head = [
        (_("Company ID"), stands.company_id),
        (_("Client number"), stands.client_number),
        (_("Days"), days_in_words(stands.of.period.kind, stands.days)),
        (_("Due"), str(stands.due)),
        (_("State"), stands.state.name),
        (_("Settled"), _("{n} of {all}").format(n=settled, all=items)),
        *((role.name, role.member.name) for role in stands.people),
        (_("Note"), stands.note),
        (_("Why it was reopened"), stands.reason),
    ]
    yield "\n".join(f"- {_plain(label)}: {_plain(value)}" for label, value in head if value)
    for section in stands.sections:
        if section.items:
            yield f"## {_plain(section.name)}"
            headings = (_("Item"), _("State"), _("By"), _("At"), _("Note"))
            yield _table(headings, (_item_cells(item) for item in section.items))
    if any(account.touched for account in stands.accounts):
        yield f"## {_('Accounts')}"
        headings = (_("Account"), _("State"), _("Through"), _("Ending balance"), _("Difference"))
        yield _table(headings, (_account_cells(account) for account in stands.accounts if account.touched))


def _item_cells(item: Item) -> Sequence[str]:
    question = f"{item.question} ({item.asked or '–'})" if item.state == "waiting" else ""
    at = local_time(item.at) if item.at else ""
    note = "\n".join(part for part in (question, item.note) if part)
    return item.title, _(ITEM_STATES.get(item.state, item.state)), item.by.name, at, note


def _account_cells(account: Reconciliation) -> Sequence[str]:
    balance, difference = (
        "" if amount is None else f"{in_text(amount, account.currency)} {account.currency}".strip()
        for amount in (account.balance, account.difference)
    )
    return account.name, _(ITEM_STATES[account.state]), str(account.through or ""), balance, difference


def _log(changes: Sequence[Change]) -> str:
    headings = (_("Change"), _("At"), _("Who"), _("What"), _("About"), _("Fields"))
    rows = (
        (
            str(change.change or ""),
            local_time(change.at),
            change.who,
            change.title,
            change.subject,
            "; ".join(f"{field.label}: {field_values(change, field)}" for field in _fields(change)) or change.remark,
        )
        for change in changes
    )
    return _table(headings, rows)


def _nothing(found: Evidence) -> str:
    """That nothing is known to have been done, and where more may stand."""
    if found.came_along:
        return _("Nothing was done of it here. What the client brought along from another firm stands in its history.")
    return _("Nothing was done of it.")


def _fields(change: Change) -> Iterator[FieldChange]:
    yield from (field for field in change.fields if field.field not in _NEVER_SHOWN)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *([_plain(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_MARKS = re.compile(r"([\\`*_\[\]<>|#~&])")


def _plain(text: str) -> str:
    """Text in which nothing is a mark; its lines apart."""
    lines = (_MARKS.sub(r"\\\1", display_text(line)) for line in text.split("\n"))
    return "<br>".join(lines)


# --- as CSV


def in_csv(found: Evidence) -> str:
    """All that was done of a work, oldest first, as a CSV: a line for each field that was changed. No cell is taken for a
    formula, or steers a terminal."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for change in found.changes:
        about = (str(change.change or ""), change.at, change.who, change.kind, change.title, change.subject)
        fields = [(field.label, field.old, field.new) for field in _fields(change)] or [("", "", change.remark)]
        writer.writerows([neutral(display_lines(cell)) for cell in (*about, *field)] for field in fields)
    return text.getvalue()
