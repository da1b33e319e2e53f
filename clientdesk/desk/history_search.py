"""Which entries of the history have what is looked for: fields, and words in what a person reads of an entry.

That is what its change is called, what it is about, and of each field that it touched the name and the values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, file_of, in_part_titles, is_of_file, title
from clientdesk.desk.history import Names, attributes_in, by_id, own_name, reference_names, referred, shown
from clientdesk.desk.patch_judging import KNOWN_WHOLE
from clientdesk.desk.records import Change
from clientdesk.desk.session import Session
from clientdesk.domain.fold import bare, fold
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.own_values import COLUMN, is_own
from clientdesk.domain.patch import Key
from clientdesk.store import change_sets, history, history_words
from clientdesk.store.entities import ENTITIES, Attribute
from clientdesk.store.history_pages import Step
from clientdesk.text import _

if TYPE_CHECKING:
    from peewee import Expression

_REFERRING = frozenset(
    entity.name
    for entity in ENTITIES.values()
    if any(attribute.refers_to not in ("", *KNOWN_WHOLE) for attribute in entity.attributes)
)
"""The entities whose rows refer to others that are many: what these are called is asked for the entries at hand."""
_SHOWN = [attribute for entity in ENTITIES.values() for attribute in entity.attributes if attribute.shown]


class Judge:
    """Whether an entry is wanted, by what is asked of its fields and words.

    The database goes past those of which it can tell that they are not (`likely`). The text that is kept of others says
    already that they are not; only the rest are taken apart. Where all are `in_one` change set, what it is called tells
    none from another. Who made a change is asked by the filter alone.
    """

    def __init__(self, session: Session, history_filter: HistoryFilter, in_one: bool = False) -> None:
        self._session, self._filter, self._words, self._in_one = session, history_filter, history_filter.words, in_one
        self._attributes = attributes_in(session)
        field = history_filter.field.rpartition(".")[2]
        self._kept_field = COLUMN if is_own(field) else field
        """What the text of an entry calls the field."""
        self._field = f'"{self._kept_field}'
        self.reads = bool(self._words or history_filter.field)
        """Whether it must read the entries for that."""
        self._known_whole = reference_names(session) if self._words else {}
        self._references = self._known_whole
        self._fields_with = {word: frozenset(self._fields_told_with(word)) for word in self._words}
        """By word: the fields whose name or values may be read with it though an entry's text has it not."""
        self._called: Mapping[tuple[str, Key], str] = {}
        self._titles: dict[tuple[str, str, int], str] = {}
        self._files: dict[int, str] = {}
        """The files of the imports that change sets have taken back, or done again, by their numbers."""

    def _fields_told_with(self, word: str) -> Iterable[str]:
        names = {of: folded(" ".join(named.values())) for of, named in self._known_whole.items()}
        own = (attribute for attribute in self._attributes("client").values() if is_own(attribute.name))
        for attribute in (*_SHOWN, *own):
            labels = folded(" ".join(_(text) for text in (attribute.label, *attribute.words.values())))
            if word in labels or word in names.get(attribute.refers_to, ""):
                yield COLUMN if is_own(attribute.name) else attribute.name

    @property
    def likely(self) -> "list[Expression] | None":
        """What a database can tell of the entries that are wanted; None where they need not be read."""
        if not self.reads:
            return None
        engine, field = self._session.engine, self._filter.field
        likely = [history_words.touching(engine, self._kept_field)] if field else []
        if "client" not in _REFERRING:
            searches = (
                history_words.WordSearch(word, fields, None if self._in_one else _not_called(word))
                for word, fields in self._fields_with.items()
            )
            likely += history_words.saying(engine, list(searches))
        return likely

    def prepare(self, steps: Sequence[Step]) -> None:
        """Asks what the rows are called whose entries do not say it themselves, and those that they refer to."""
        if not self._words:
            return
        unnamed: dict[str, set[Key]] = {}
        for step in steps:
            if not _names_itself(step):
                entity, key = step.row_of
                unnamed.setdefault(entity, set()).add(key)
            if step.row_of[0] in _REFERRING:
                for values in (step.entry.old, step.entry.new):
                    for of, referred_to in referred(self._attributes(step.row_of[0]), values):
                        unnamed.setdefault(of, set()).add(referred_to)
        back = {step.change_set for step in steps if _takes_a_file_back(step)} - self._files.keys()
        first = change_sets.done_first(self._session.engine, {number: number for number in back})
        self._files.update({number: file_of(of.kind, of.note) for number, of in first.items()})
        called = history.names(self._session.engine, unnamed)
        self._called = {row: folded(name) for row, name in called.items()}
        self._references = {**by_id(called), **self._known_whole}

    def wants(self, step: Step) -> bool:
        """Whether the entry is one of those that are looked for."""
        if not self.reads:
            return True
        if self._filter.field and self._field not in step.text:
            return False
        if self._words and not self._may_say(step):
            return False
        entry = step.entry
        if not self._filter.touches(entry.entity, entry.old, entry.new):
            return False
        if not self._words:
            return True
        subject = "" if own_name(entry) else self._called.get(step.row_of, "")
        text = f"{self._about(step)} {subject} {_values(entry, self._attributes(entry.entity), self._references)}"
        return all(word in text for word in self._words)

    def _may_say(self, step: Step) -> bool:
        """Whether all words may be read of an entry, by the text that is kept of it."""
        if step.row_of[0] in _REFERRING:
            return True
        text = f"{self._about(step)} {self._called.get(step.row_of, '')} {folded(step.text)}"
        return all(word in text or fields or "\\" in word or '"' in word for word, fields in self._fields_with.items())

    def _about(self, step: Step) -> str:
        """What the change set is called, folded."""
        if self._in_one:
            return ""
        parts = step.title_parts
        if parts not in self._titles:
            self._titles[parts] = folded(f"{title(*parts)} {file_of(*parts[:2])}")
        file = self._files.get(step.change_set, "") if _takes_a_file_back(step) else ""
        return f"{self._titles[parts]} {folded(file)}" if file else self._titles[parts]


def _takes_a_file_back(step: Step) -> bool:
    """Whether an entry is of the undo of an import, or of its redo."""
    kind, note, _stayed = step.title_parts
    return kind in (UNDONE, REDONE) and is_of_file(note)


def _not_called(word: str) -> list[str]:
    """The kinds of change sets that are not called with a word, whatever their note. What is undone, or done again, is
    called by what was done first."""
    titles = {kind: folded(f"{title(kind)} {_(KINDS[kind].noted)}") for kind in KINDS}
    is_any = any(word in text for text in (*titles.values(), *map(folded, in_part_titles())))
    return [kind for kind, text in titles.items() if word not in text and not (kind in (UNDONE, REDONE) and is_any)]


def says(change: Change, history_filter: HistoryFilter) -> bool:
    """Whether a filter means a change that a client brought along from another firm, whose members are not ours."""
    entity, _dot, name = history_filter.field.rpartition(".")
    text = folded(" ".join([change.title, *(f"{field.label} {field.old} {field.new}" for field in change.fields)]))
    return (
        history_filter.member is None
        and history_filter.kind in ("", change.kind, change.kind.partition(".")[0])
        and history_filter.first_moment <= change.at
        and (not history_filter.until or change.at < history_filter.end_moment)
        and entity in ("", "client")
        and (not name or any(field.field == name for field in change.fields))
        and all(word in text for word in history_filter.words)
    )


def folded(text: str) -> str:
    """A long text without case and accents."""
    return text.lower() if text.isascii() else bare(text)


def _names_itself(step: Step) -> bool:
    entity = ENTITIES.get(step.row_of[0])
    return entity is None or (bool(entity.called_by) and f'"{entity.called_by}"' in step.text)


def _values(entry: history.Entry, attributes: Mapping[str, Attribute], names: Names) -> str:
    """The fields of an entry as a person reads them, names and values before and after, folded."""
    texts, labels = [], {}
    for values in (entry.old, entry.new):
        for name, value in values.items():
            attribute = attributes.get(name)
            if attribute is None or not attribute.shown or value is None or value == "":
                continue
            labels[name] = _(attribute.label)
            is_told = attribute.refers_to or attribute.words
            texts.append(shown(attribute, None, value, names)[2] if is_told else str(value))
    texts += labels.values()
    return " ".join(fold(text) if len(text) < _SHORT else folded(text) for text in texts)


_SHORT = 200
"""Texts of fewer characters are worth remembering as they are folded."""
