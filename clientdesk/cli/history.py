"""`clientdesk history`: what was changed, by whom, of which client: row by row, or a line for each change."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import click

from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.history_entries import about_row, change_record, say_changes
from clientdesk.cli.long_work import FarBack
from clientdesk.cli.printing import file_text, json_text, say, tell
from clientdesk.domain.days import Days, span, why_no_span
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.likely_names import likely_names
from clientdesk.text import _, display_text, local_time

if TYPE_CHECKING:
    from clientdesk.desk.records import Change, ChangeSet
    from clientdesk.desk.session import Session
    from clientdesk.domain.catalogue import Catalogue

T = TypeVar("T")
_ABOUT = ("subject", "entity", "key", "company_id")
_ROW = ("change", "at", "who", "kind", "title", "operation", *_ABOUT)
_LINE = ("change", "at", "who", "kind", "title", "rows", *_ABOUT, "job", "undoes", "file", "undone")


@click.command(
    "history",
    cls=DeskCommand,
    help=_(
        "Print what was changed, newest first, each row with the fields that were touched; of one client (KEY), or of "
        "the whole firm. With --sets, a line for each change, however many rows it has."
    ),
)
@click.argument("key", required=False)
@click.option(
    "--change", "number", type=click.IntRange(min=1), metavar="N", help=_("Only the change with this number.")
)
@click.option("--who", metavar="NAME", help=_("Changed by this team member: the name or login."))
@click.option(
    "--kind", metavar="KIND", help=_("Of this kind: client.edited, or client for all kinds of changes of clients.")
)
@click.option("--field", metavar="FIELD", help=_("Touching this field: lead, or team_member.access."))
@click.option(
    "--from", "since", metavar="DAY", help=_("From this day on: 2026-11-03; 2026-11 and 2026 mean their first.")
)
@click.option("--to", "until", metavar="DAY", help=_("Up to this day and with it; 2026-11 and 2026 mean their last."))
@click.option(
    "--find",
    default="",
    metavar="WORDS",
    help=_("Every word occurs in what the change is called or is about, or in a field's name or value."),
)
@click.option("--sets", is_flag=True, help=_("A line for each change, with how many rows it has."))
@click.option("--limit", type=click.IntRange(min=1), help=_("The latest so many rows or lines; else all."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
@click.option("--csv", "as_csv", is_flag=True, help=_("A CSV: a line for each field that was touched."))
def history(
    key: str | None,
    number: int | None,
    who: str | None,
    kind: str | None,
    field: str | None,
    since: str | None,
    until: str | None,
    find: str,
    sets: bool,
    limit: int | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Prints the history, newest first, as it is read."""
    if key is not None and number is not None:
        raise click.UsageError(_("Name a client, or a change with --change: not both."))
    if as_json and as_csv:
        raise click.UsageError(_("Choose one of --json and --csv."))
    if sets and number is not None:
        raise click.UsageError(_("Choose one of --sets and --change."))
    first, last = _days("--from", since).since, _days("--to", until).until
    if last and first > last:
        sentence = _("--from {first} is after --to {last}: no day is in between.")
        raise click.UsageError(sentence.format(first=first, last=last))
    asked = HistoryFilter(kind=_kind(kind), since=first, until=last, find=find)
    most = None if limit is None else min(limit, sys.maxsize)  # islice takes no more
    with opened_firm() as session:
        asked = asked._replace(field=_field(field, session.catalogue))
        if who is not None:
            from clientdesk.desk import team

            asked = asked._replace(member=team.member_by_key(session, who).id)
        with FarBack() as far_back:
            if sets:
                _say_lines(islice(_lines(session, asked, key, far_back), most), as_json, as_csv)
            else:
                rows = islice(_rows(session, asked, key, number, far_back), most)
                _say_rows(rows, as_json, as_csv, named=key is None)


def _rows(
    session: "Session", asked: HistoryFilter, key: str | None, number: int | None, far_back: FarBack
) -> "Iterable[Change]":
    from clientdesk.desk import change_sets

    if key is not None:
        return change_sets.rows_of_key(session, key, asked, far_back.show)
    return change_sets.all_rows(session, asked, number, far_back.show)


def _lines(session: "Session", asked: HistoryFilter, key: str | None, far_back: FarBack) -> "Iterable[ChangeSet]":
    from clientdesk.desk import change_sets

    if key is not None:
        asked = asked._replace(client=change_sets.client_of_key(session, key))
    return change_sets.all_lines(session, asked, far_back.show)


def _days(option: str, text: str | None) -> Days:
    if text is None:
        return Days()
    days = span(text)
    if days is None or len(text.split()) != 1:
        sentence = _("{option}: “{text}” is no day that can be asked for. {why}")
        why = (len(text.split()) == 1 and why_no_span(text)) or _("Write 2026-11-03, 2026-11 or 2026.")
        raise click.UsageError(sentence.format(option=option, text=display_text(text), why=why))
    return days


def _kind(text: str | None) -> str:
    from clientdesk.desk.change_kinds import KINDS

    if text is None:
        return ""
    known = sorted({*KINDS, *(kind.partition(".")[0] for kind in KINDS)})
    return _known(text, known, _("There is no kind of change “{value}”. There are: {choices}."))


def _field(text: str | None, catalogue: "Catalogue") -> str:
    from clientdesk.desk import change_sets

    if text is None:
        return ""
    if (own := catalogue.called(text)) is not None and own.name in catalogue.own:
        return f"client.{own.name}"
    whole = [name for name, _label in change_sets.fields(catalogue) if name.partition(".")[2] not in catalogue.own]
    words = [of_own.word for of_own in catalogue.own.values()]
    known = [*dict.fromkeys(name.partition(".")[2] for name in whole), *words, *whole]
    return _known(text.replace("-", "_"), known, _("There is no field “{value}”. There are: {choices}."))


def _known(text: str, known: Sequence[str], sentence: str) -> str:
    value = text.strip().lower()
    if value not in known:
        raise click.UsageError(sentence.format(value=display_text(text), choices=likely_names(text, known)))
    return value


def _say_rows(changes: "Iterable[Change]", as_json: bool, as_csv: bool, named: bool) -> None:
    """Prints rows; as text with what they are about where they are to be `named`."""
    if as_json:
        for change in changes:
            say(json_text(change_record(change)))
    elif as_csv:
        rows = (_row_cells(change) for change in changes)
        _say_csv((*_ROW, "field", "old", "new"), (cells for row in rows for cells in row))
    else:
        say_changes(_or_none(changes), numbered=True, named=named)


def _or_none(listed: "Iterable[T]") -> "Iterator[T]":
    """What is to be printed for a person, as it comes; where there is nothing, that is told."""
    is_empty = True
    for change in listed:
        is_empty = False
        yield change
    if is_empty:
        tell(_("No change matches."))


def _row_cells(change: "Change") -> Iterable[Sequence[str]]:
    record = change_record(change)
    about = [str(record[name]) for name in _ROW]
    for field in change.fields:
        yield (*about, field.field, field.old, field.new)
    if not change.fields:
        yield (*about, "", "", "")


def _say_lines(lines: "Iterable[ChangeSet]", as_json: bool, as_csv: bool) -> None:
    records = map(_line_record, lines)
    if as_json:
        for record in records:
            say(json_text(record))
    elif as_csv:
        _say_csv(_LINE, (["" if record[name] is None else str(record[name]) for name in _LINE] for record in records))
    else:
        from clientdesk.desk.change_words import counted

        for line in _or_none(lines):
            change = line.change
            about = (change.subject or change.remark) if line.about_one else counted(line.rows, change.file)
            title = f"{change.title}: {about}" if about else change.title
            number = ", ".join(filter(None, (_("change {number}").format(number=line.id), line.remark)))
            say(f"  {local_time(change.at)}  {display_text(change.who)}  {display_text(title)}  ({number})")


def _line_record(line: "ChangeSet") -> dict[str, object]:
    """A line as JSON shows it; it names what was changed where that is one row."""
    change = line.change
    return {
        "change": line.id,
        "at": change.at,
        "who": change.who,
        "kind": change.kind,
        "title": change.title,
        "rows": line.rows,
        **(about_row(change) if line.about_one else dict.fromkeys(_ABOUT, "")),
        "job": line.job,
        "undoes": line.undoes,
        "file": change.file,
        "undone": ("in part" if line.rest else "yes") if line.begun else "no",
    }


def _say_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([file_text(value) for value in row] for row in rows)
