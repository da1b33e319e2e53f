"""The words of undo and redo: what is asked, and what was done."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from clientdesk.desk.change_words import counted
from clientdesk.desk.undoing import LISTED
from clientdesk.domain.problems import problem
from clientdesk.text import _, display_text, local_time, ngettext, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.widgets.bars import cut

if TYPE_CHECKING:
    from clientdesk.desk.change_words import Named
    from clientdesk.desk.undoing import Conflict, Plan, Undone

LONGEST = 60
"""So many cells of a name, and of its fields, are told."""
_SHORT = 56
"""A sentence of at most so many cells has room for the key that takes back what it tells."""


def with_undo(sentence: str) -> str:
    """A sentence that something is saved, with the key that takes it back, where the two are short together; what else
    is told stands in lines below it."""
    key, (saved, *further_lines) = first_key("change.undo"), sentence.split("\n")
    if not key or cell_len(saved) > _SHORT:
        return sentence
    end = "" if saved.endswith(".") else "."
    return "\n".join([_("{sentence} {key} undoes it.").format(sentence=saved + end, key=key), *further_lines])


def _parts(named: "Named") -> list[str]:
    """What names a change, each part as short as a dialog wants it."""
    if named.change is None and named.names:
        return [cut(named.parts[0], LONGEST), _names(named)]
    return [cut(part, LONGEST) for part in named.parts_within(LONGEST)]


def _names(named: "Named") -> str:
    """As many names of several rows as there is room for, and how many more there are: half a number is another one."""
    for number in range(len(named.names), 0, -1):
        names = named.names_in_words(named.names[:number])
        if cell_len(names) <= LONGEST:
            return names
    first = named.names[0]
    others_width = cell_len(named.names_in_words([first])) - cell_len(first)
    return named.names_in_words([cut(first, LONGEST - others_width)])


# --- what is asked


def _counted(plan: "Plan", named: "Named | None") -> str:
    """How many rows are taken back, and which, as far as that is known."""
    return named.counted if named is not None and named.rows == plan.rows else counted(plan.rows)


def verb(plan: "Plan", named: "Named | None" = None) -> str:
    """What the button says: what is done, and to how many rows of how many."""
    if plan.rows == 1 and plan.conflicts:
        return _("Redo the rest") if plan.redo else _("Undo the rest")
    if plan.rows == 1:
        return _("Redo") if plan.redo else _("Undo")
    if plan.can == plan.rows:
        sentence = _("Redo {rows}") if plan.redo else _("Undo {rows}")
        return sentence.format(rows=_counted(plan, named))
    sentence = _("Redo {can} of {rows}") if plan.redo else _("Undo {can} of {rows}")
    return sentence.format(can=whole_number(plan.can), rows=whole_number(plan.rows))


def question(plan: "Plan") -> str:
    """What is asked; where nothing can be taken back, that."""
    if not plan.can and plan.begun:
        sentence = (
            _("The rest of “{what}” cannot be redone now.")
            if plan.redo
            else _("The rest of “{what}” cannot be undone now.")
        )
    elif not plan.can:
        sentence = _("“{what}” cannot be redone now.") if plan.redo else _("“{what}” cannot be undone now.")
    elif plan.begun:
        sentence = _("Redo the rest of “{what}”?") if plan.redo else _("Undo the rest of “{what}”?")
    else:
        sentence = _("Redo “{what}”?") if plan.redo else _("Undo “{what}”?")
    return sentence.format(what=plan.title)


def about(plan: "Plan", named: "Named | None", key: str = "") -> Iterator[str]:
    """What it did, when and by whom, to how many rows, and how many of them can be taken back. `named` is what names it;
    `key` passes it over the next time where nothing can be."""
    if named is not None and named.change is not None:
        yield from _parts(named)
    elif named is not None:
        yield from (text for text in (cut(named.file, LONGEST), *_parts(named)[1:]) if text)
    beginning = _("The first: {fields}")
    if named is not None and (fields := named.example(LONGEST - cell_len(beginning.format(fields="")))):
        yield beginning.format(fields=cut(fields, LONGEST))
    yield f"{local_time(plan.at)} · {display_text(plan.who)}"
    if not plan.fresh and not plan.redo:
        yield _("It was done in another window, or before this one was started.")
    if plan.begun:
        yield _("A part of it is redone already.") if plan.redo else _("A part of it is undone already.")
    if plan.rows > 1:
        yield _how_many(plan).format(rows=_counted(plan, named), can=whole_number(plan.can))
    yield from overruled(plan.overruled)
    if not plan.can and key:
        yield problem("passed_over_next", key=key).message


def _how_many(plan: "Plan") -> str:
    if not plan.can:
        return _("{rows}; none can be redone.") if plan.redo else _("{rows}; none can be undone.")
    if plan.can < plan.rows:
        return _("{rows}; {can} can be redone.") if plan.redo else _("{rows}; {can} can be undone.")
    if plan.conflicts:
        return (
            _("{rows}; some can be redone only in part.")
            if plan.redo
            else _("{rows}; some can be undone only in part.")
        )
    return _("{rows}; all can be redone.") if plan.redo else _("{rows}; all can be undone.")


def in_the_way(plan: "Plan") -> str:
    """What the list of conflicts is."""
    is_later = all(conflict.at > plan.at for conflict in plan.conflicts)
    if not plan.more:
        return _("What was done since stands in the way:") if is_later else _("What stays as it is:")
    sentence = (
        _("What was done since stands in the way of these rows, and of {count} more:")
        if is_later
        else _("These rows stay as they are, and {count} more:")
    )
    return sentence.format(count=whole_number(plan.more))


def overruled(fields: "Sequence[Conflict]") -> list[str]:
    """What was changed since and set back, so that it does not stand in the way: the first in full, the others counted.
    Where as many are known as are listed at most, there may be more of them."""
    sentences = [field.sentence for field in fields[:1]]
    if len(fields) >= LISTED:
        more = _("At least {count} more fields were, too.")
        sentences.append(more.format(count=whole_number(len(fields) - 1)))
    elif len(fields) > 1:
        more = ngettext("{count} more field was, too.", "{count} more fields were, too.", len(fields) - 1)
        sentences.append(more.format(count=whole_number(len(fields) - 1)))
    return sentences


# --- what was done


def done(plan: "Plan", undone: "Undone", named: "Named | None") -> str:
    """What was done to what, and what was left. `named` is what names what was done, where that could be read."""
    if not undone.whole:
        key = first_key("change.redo" if plan.redo else "change.undo")
        if not undone.rows:
            sentence = (
                _("Stopped: nothing of “{what}” was redone. {key} redoes it.")
                if plan.redo
                else _("Stopped: nothing of “{what}” was undone. {key} undoes it.")
            )
            return sentence.format(what=plan.title, key=key)
        sentence = _("Stopped: {what}, {done} of {rows}. {key} goes on.")
        counts = {"done": whole_number(undone.rows), "rows": counted(plan.can)}
        return sentence.format(what=plan.title, key=key, **counts)
    left = [conflict.sentence for conflict in undone.conflicts[:1]]
    if not undone.rows:
        return "\n".join([_("Nothing was redone.") if plan.redo else _("Nothing was undone."), *left])
    what = ": ".join(_parts(named)) if named is not None else counted(undone.rows)
    sentence = _("Redone: {title}, {what}") if plan.redo else _("Undone: {title}, {what}")
    if undone.left > 1:
        stay = ngettext(
            "{count} row stays as it is, at least in part.",
            "{count} rows stay as they are, at least in part.",
            undone.left,
        )
        left = [stay.format(count=whole_number(undone.left))]
    return "\n".join([sentence.format(title=plan.title, what=what), *left, *overruled(undone.overruled)])
