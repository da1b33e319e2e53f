"""A review as rows of a table: its sections as headings with how far they are, below each its items, and the client's accounts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from rich.cells import cell_len

from clientdesk.desk.work_board import Seen
from clientdesk.desk.work_records import SETTLED, Item, Progress, Reconciliation, SectionOfWork, Work
from clientdesk.domain.amounts import in_text
from clientdesk.domain.late_words import due_words
from clientdesk.domain.periods import days_in_words
from clientdesk.domain.work_templates import ITEM_STATES
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, local_time, ngettext, one_line, whole_number
from clientdesk.ui.widgets.line_layout import TableColumn

SIGNS: Mapping[str, tuple[str, str]] = {
    "todo": (" ", N_("To do")),
    "waiting": ("?", N_("Waiting")),
    "done": ("✓", N_("Done")),
    "not_applicable": ("-", N_("N/A")),
}
"""The sign and the short word of each state of an item."""

COLUMNS = (
    TableColumn("state", N_("State"), 10),
    TableColumn("title", N_("Item"), 38, grow=42, pin=True),
    TableColumn("who", N_("Who"), 13, grow=6),
    TableColumn("due", N_("Due"), 12),
    TableColumn("note", N_("Question and comment"), 20, grow=40),
)

_AS_NEEDED = ("who", "due", "note")
"""The columns that are as narrow as what the rows have in them: the items get the rest."""

_SECTION, _ITEM, _ACCOUNT, _KINDS = 0, 1, 2, 3
ACCOUNTS_ID = 0
"""The id of the heading above the accounts: that of a section which no template has."""


class ReviewRow(NamedTuple):
    """A line of a review: an item, an account, or else the heading of a section or of the accounts."""

    id: int
    active: bool
    values: tuple[str, ...]
    section_id: int
    item: Item | None = None
    account: Reconciliation | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it stands for the whole review."""
        return self.item is None and self.account is None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do of it."""
        part = self.item or self.account
        return part is not None and part.state in SETTLED


def item_row_id(item_id: int) -> int:
    """The id of the row of an item."""
    return item_id * _KINDS + _ITEM


def account_row_id(account_id: int) -> int:
    """The id of the row of an account."""
    return account_id * _KINDS + _ACCOUNT


def rows_of(seen: Seen) -> tuple[ReviewRow, ...]:
    """The lines of a review."""
    return tuple(_rows(seen))


def columns_of(rows: Sequence[ReviewRow]) -> tuple[TableColumn, ...]:
    """The columns of a review, as wide as its rows need them; without that of questions and comments where there are none."""
    columns = []
    for place, column in enumerate(COLUMNS):
        title = _(column.title)
        longest = max((cell_len(row.values[place]) for row in rows), default=0)
        if column.key == "note" and not longest:
            continue
        width = min(column.width, max(cell_len(title), longest)) if column.key in _AS_NEEDED else column.width
        grow = column.grow if column.pin else min(column.grow, max(0, longest - width))
        columns.append(column._replace(title=title, width=width, grow=grow))
    return tuple(columns)


def _rows(seen: Seen) -> Iterator[ReviewRow]:
    for section in seen.work.sections:
        yield _heading(section.id, section.name, section.progress)
        for item in section.items:
            yield _item(seen, section, item)
    accounts = seen.work.accounts
    if accounts:
        settled = sum(account.state in SETTLED for account in accounts)
        yield _heading(ACCOUNTS_ID, _("Accounts"), Progress(settled, len(accounts)))
        for account in accounts:
            yield _account(seen, account)


def _heading(section_id: int, name: str, so_far: Progress) -> ReviewRow:
    values = (progress_words(so_far), name, "", "", "")
    return ReviewRow(section_id * _KINDS + _SECTION, True, values, section_id)


def progress_words(so_far: Progress) -> str:
    """How many are settled, of how many."""
    return _("{n} of {all}").format(n=whole_number(so_far.settled), all=whole_number(so_far.items))


def state_words(state: str) -> str:
    """A state with its sign, short."""
    sign, word = SIGNS.get(state, ("", state))
    return f"{sign} {_(word)}"


def _item(seen: Seen, section: SectionOfWork, item: Item) -> ReviewRow:
    who = item.by.name if item.is_settled else item.assignee.name
    due = "" if item.is_settled else _due(seen, item.due)
    asked = f"{item.asked}: {item.question}" if item.state == "waiting" and item.asked else ""
    note = " · ".join(one_line(part) for part in (asked, item.note) if part)
    title = item.title
    if item.retired:
        title = _("{title} (retired)").format(title=title)
    elif item.of_client:
        title = _("{title} (this client)").format(title=title)
    values = (state_words(item.state), title, who, due, note)
    return ReviewRow(item_row_id(item.id), not item.is_settled, values, section.id, item)


def _account(seen: Seen, account: Reconciliation) -> ReviewRow:
    settled = account.state in SETTLED
    values = (
        state_words(account.state),
        " · ".join((account.name, *account_words(account))),
        account.assignee.name,
        "" if settled else _due(seen, account.due),
        "",
    )
    return ReviewRow(account_row_id(account.account_id), not settled, values, ACCOUNTS_ID, account=account)


def account_words(account: Reconciliation) -> list[str]:
    """Through which day an account is reconciled, its balance then and the difference; what is not said is left out."""
    words = []
    if account.difference is not None:
        words.append(_("difference {amount}").format(amount=_amount(account.difference, account.currency)))
    if account.balance is not None:
        words.append(_("balance {amount}").format(amount=_amount(account.balance, account.currency)))
    if account.through is not None:
        words.append(_("through {day}").format(day=account.through.isoformat()))
    return words


def _amount(amount: Decimal, currency: str) -> str:
    return f"{in_text(amount, currency)} {currency}".strip()


def _due(seen: Seen, due: date | None) -> str:
    return "" if due is None else due_words(due, seen.today, seen.soon)


def due_in_words(seen: Seen) -> str:
    """When the whole review is due; of a completed one the date."""
    return seen.work.due.isoformat() if seen.work.is_completed else due_words(seen.work.due, seen.today, seen.soon)


def waiting_words(work: Work) -> str:
    """How many items wait for the client, "" for none."""
    count = sum(item.state == "waiting" for item in work.items if not item.retired)
    if not count:
        return ""
    return ngettext("{count} waits for the client", "{count} wait for the client", count).format(
        count=whole_number(count)
    )


def first_open(rows: tuple[ReviewRow, ...]) -> int | None:
    """The id of the first row of which something is left to do, else of the first item."""
    parts = [row for row in rows if not row.is_heading]
    return next((row.id for row in parts if not row.is_settled), parts[0].id if parts else None)


def details_of(row: ReviewRow | None, seen: Seen) -> list[tuple[str, str]]:
    """What is known of a line, as pairs of a label and a text that may be any data; of a heading what is known of the whole
    review."""
    if row is None or row.is_heading:
        return [pair for pair in _of_work(seen) if pair[1]]
    if row.item is not None:
        return [pair for pair in _of_item(row.item) if pair[1]]
    assert row.account is not None
    account = row.account
    pairs = [
        (_("Account"), account.name),
        (_("State"), _(ITEM_STATES.get(account.state, account.state))),
        (_("Reconciled"), ", ".join(account_words(account))),
        (_("Due"), str(account.due or "")),
        (_("Assignee"), account.assignee.name),
    ]
    return [pair for pair in pairs if pair[1]]


def _of_work(seen: Seen) -> list[tuple[str, str]]:
    work = seen.work
    return [
        (_("Days"), days_in_words(work.of.period.kind, work.days)),
        *((role.name, role.member.name) for role in work.people),
        (_("Comment"), work.note),
        (_("Reopened because"), work.reason),
    ]


def _of_item(item: Item) -> list[tuple[str, str]]:
    settled = f"{item.by.name}, {local_time(item.at)}" if item.at else item.by.name
    since = _("since {day}").format(day=item.asked.isoformat()) if item.asked and item.state == "waiting" else ""
    state = ", ".join(part for part in (_(ITEM_STATES.get(item.state, item.state)), settled, since) if part)
    return [
        (_("Item"), item.title),
        (_("State"), state),
        (_("Question"), item.question),
        (_("Comment"), item.note),
        (_("Due"), str(item.due or "")),
        (_("Assignee"), item.assignee.name),
    ]


def news_of(work: Work) -> list[str]:
    """What changed since the period before, a sentence a line; data in them may be anything."""
    since = work.since
    if since.period is None:
        return [_("There is no period before this one.")]
    lines = [_("New: {title}").format(title=title) for title in since.added]
    lines += [_("Gone: {title}").format(title=title) for title in since.gone]
    lines += [_("Not applicable then: {title}").format(title=title) for title in since.not_applicable]
    for account in since.differences:
        before, now = (
            _("none") if amount is None else _amount(amount, account.currency)
            for amount in (account.before, account.now)
        )
        sentence = _("{account}: the difference was {before}, and is {now}")
        lines.append(sentence.format(account=account.name, before=before, now=now))
    return lines or [_("Nothing changed since {period}.").format(period=since.period.words)]
