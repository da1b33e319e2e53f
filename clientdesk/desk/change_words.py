"""What names a change to a person, wherever it is undone: which row, what was done to its fields, how many rows, and
the file that was imported."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.desk import change_sets
from clientdesk.desk.change_kinds import file_of, is_of_one
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.store import change_sets as rows
from clientdesk.store import history_pages
from clientdesk.text import _, differing, display_text, listed, ngettext, shortened, whole_number

_NAMED = 3
"""So many rows of many are called by their names."""
_LONGEST = 200
"""So many characters of a name or of a value are told: notes may be much longer."""
_AROUND, _LEAST = 5, 12
"""So many characters stand around two values, and so many of them are told at least."""
_CALLED = 60
"""So many characters of a name are told in a sentence on something else."""


class Named(NamedTuple):
    """What names a change, as it is in the history.

    `number` is that of its line there (of a job, its latest change set), `rows` how many rows are meant, `change` what
    was done to the only one (None for several). `names` are what the first three rows are called (by their keys, so that
    the undo of a change names the same ones), and `file` what was imported ("" for nothing), both safe to show. `of_one`
    says that it is about one row, which alone is named then. An item or an account that was touched first of its work is one
    row, whatever row of the work came with it.
    """

    number: int
    rows: int
    change: Change | None = None
    names: tuple[str, ...] = ()
    file: str = ""
    of_one: bool = False
    first: Change | None = None
    """What was done to the first of several rows."""
    along: Mapping[str, int] = MappingProxyType({})
    """How many rows of other entities, by these, were made along with the `rows`, which count them, too."""

    @property
    def counted(self) -> str:
        """How many rows are meant, and which those are that were made along with the others: 20 clients and 2 tags."""
        if not self.along or self.first is None:
            return counted(self.rows)
        main, along = self.rows - sum(self.along.values()), [of_kind(*pair) for pair in self.along.items()]
        return _("{rows} and {along}").format(rows=of_kind(self.first.entity, main), along=listed(along))

    def example(self, most: int = 2 * _LONGEST) -> str:
        """What was done to the fields of the first of several rows, in about so many characters, safe to show; "" where
        they were not changed but added or deleted."""
        is_change = self.first is not None and self.first.operation == "update"
        return _shown(fields_in_words(self.first, most)) if self.first is not None and is_change else ""

    def parts_within(self, most: int) -> tuple[str, ...]:
        """The row, and what was done to its fields in about so many characters; see `parts`."""
        if self.change is None:
            return self.parts
        fields = fields_in_words(self.change, most) if self.change.operation == "update" else ""
        return tuple(_shown(text) for text in (self.change.subject, fields) if text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The row, and what was done to its fields; of several, the file, how many there are, and some of their names.
        Each is safe to show."""
        if self.change is None:
            count = _of_file(self.counted, self.file)
            return (count, self.names_in_words(self.names)) if self.names else (count,)
        return self.parts_within(2 * _LONGEST)

    def names_in_words(self, shown: Sequence[str]) -> str:
        """Some of the names, or what is shown of them, and how many more rows there are."""
        if self.of_one or (hidden := self.rows - len(shown)) <= 0:
            return listed(shown)
        return listed([*shown, ngettext("{n} more", "{n} more", hidden).format(n=whole_number(hidden))])

    @property
    def called(self) -> str:
        """What its rows are called, in a sentence on something else; "" where they have no names, and for the firm, which
        goes without saying."""
        names = self.names if self.change is None else (self.change.subject,)
        of_firm = self.change is not None and self.change.entity == "firm"
        shown = [] if of_firm else [_shown(name, _CALLED) for name in names if name]
        return self.names_in_words(shown) if shown else ""

    @property
    def words(self) -> str:
        """All of it in one sentence."""
        return ": ".join(self.parts)


@reads
def named(session: Session, number: int, count: int) -> Named:
    """What names a change set, or the job that it is of; `count` is how many of its rows are meant. Where these are not
    all, it is not known which, and none is called by its name."""
    line, total = history_pages.line_of(session.engine, number)
    file = _shown(_file(session, number))
    if count != total:
        return Named(line, count, file=file)
    entry_ids = history_pages.first_rows(session.engine, number, _NAMED)
    changes = {change.id: change for change in change_sets.rows(session, entry_ids)}
    if total == 1:
        return Named(line, count, changes[entry_ids[0]], file=file)
    if (part := _first_part(list(changes.values()))) is not None:
        return Named(line, 1, part, file=file)
    of_one = is_of_one(*_kind_and_note(session, number))
    subjects = [changes[entry_id].subject for entry_id in entry_ids[: 1 if of_one else _NAMED]]
    names, first = tuple(_shown(subject) for subject in subjects if subject), changes[entry_ids[0]]
    along = history_pages.made_along(session.engine, number)
    along.pop(first.entity, None)
    return Named(line, count, of_one=of_one, names=names, file=file, first=first, along=along)


def _first_part(changes: Sequence[Change]) -> Change | None:
    """Of the changes of two rows, the item or the account that somebody touched first of a work, with which the row of that came,
    or went; None for others."""
    parts = [change for change in changes if change.entity != "work"]
    works = [change for change in changes if change.entity == "work" and change.operation != "update"]
    is_first = len(parts) == len(works) == 1 and parts[0].key.startswith(f"{works[0].key}/")
    return parts[0] if is_first else None


def named_whole(session: Session, number: int) -> Named:
    """What names a change set, or the job that it is of, with all of its rows."""
    return named(session, number, history_pages.line_of(session.engine, number)[1])


def _kind_and_note(session: Session, number: int) -> tuple[str, str]:
    change_set = rows.change_set(session.engine, number)
    return ("", "") if change_set is None else (change_set.kind, change_set.note)


def _file(session: Session, number: int) -> str:
    """The file of the import that a change set is of, or has undone or redone; "" for none."""
    change_set = rows.change_set(session.engine, number)
    while change_set is not None and change_set.undoes is not None:
        change_set = rows.change_set(session.engine, change_set.undoes)
    return "" if change_set is None else file_of(change_set.kind, change_set.note)


def counted(count: int, file: str = "") -> str:
    """How many rows, and of which file: "400 rows from clients.csv"."""
    return _of_file(of_kind("", count), file)


def _of_file(rows: str, file: str) -> str:
    return _("{rows} from {file}").format(rows=rows, file=file) if file else rows


def of_kind(entity: str, count: int) -> str:
    """How many rows of an entity there are."""
    match entity:
        case "client":
            words = ngettext("{count} client", "{count} clients", count)
        case "own_field":
            words = ngettext("{count} field", "{count} fields", count)
        case "tag":
            words = ngettext("{count} tag", "{count} tags", count)
        case "own_choice":
            words = ngettext("{count} choice", "{count} choices", count)
        case "template":
            words = ngettext("{count} template", "{count} templates", count)
        case "template_section":
            words = ngettext("{count} section", "{count} sections", count)
        case "template_item":
            words = ngettext("{count} item", "{count} items", count)
        case _:
            words = ngettext("{count} row", "{count} rows", count)
    return words.format(count=whole_number(count))


def field_values(change: Change, field: FieldChange, most: int = 0) -> str:
    """What happened to a field, in a line: the new value of what is new, else old → new; of long ones, where there is room
    for so many characters (0: for any), what stands around the first difference."""
    if change.operation == "insert":
        return field.new
    if change.operation == "delete":
        return field.old
    empty = _("(empty)")
    old, new = differing(field.old or empty, field.new or empty, most) if most else (field.old, field.new)
    return f"{old or empty} → {new or empty}"


def fields_in_words(change: Change, most: int = 2 * _LONGEST) -> str:
    """Which fields a row's change touched: what happened to the first, its values in about so many characters, and the
    names of the others. What was added or deleted has its name before it."""
    fields = [field for field in change.fields if change.operation == "update" or change.subject not in field[2:]]
    if not fields:
        return change.remark
    first, *other_fields = fields
    values = field_values(change, first, max(most - len(first.label) - _AROUND, _LEAST))
    if change.operation != "update":
        values = shortened(values, most)
    return ", ".join([f"{first.label}: {values}", *(field.label for field in other_fields)])


def _shown(text: str, most: int = 3 * _LONGEST) -> str:
    return display_text(shortened(text, most))
