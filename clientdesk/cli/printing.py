"""What commands print: tables by cells, JSON and CSV, nothing that steers a terminal."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from clientdesk.cli.cures import all_with_cures, with_cure
from clientdesk.cli.exit_codes import json_begun, json_is_due, note_untold
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import _, display_lines, display_text, is_control, is_invisible

CAP = 60
"""The greatest width of a column in cells, where its values are longer than its first width."""


def say(line: str = "") -> None:
    """Writes one line to standard output; `line` is safe to show."""
    sys.stdout.write(line + "\n")


def tell(line: str) -> None:
    """Writes one line to standard error, behind what was printed before; `line` is safe to show. Where that fails the
    work goes on, and the exit code tells it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is sys.stderr:
                stream.write(line + "\n")
            stream.flush()  # to write "" would make a write of nothing, which a full disk refuses
        except OSError as error:
            note_untold(error)


def can_ask() -> bool:
    """Whether a person can read a question and answer it: input and messages are a terminal's."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def answer(question: str) -> bool | None:
    """A person's yes or no to a question that is safe to show; enter alone is a no, and so is the end of the input
    (ctrl+d). None where nobody can answer."""
    if not can_ask():
        return None
    import click

    sys.stdout.flush()
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise
        tell("")  # ends the question's line, which is still open
        return False


def typed(question: str, wanted: str) -> bool | None:
    """Whether a person types just what is `wanted`; None where nobody can answer."""
    if not can_ask():
        return None
    import click

    sys.stdout.flush()
    try:
        text = str(click.prompt(question, default="", show_default=False, err=True))
    except click.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise
        tell("")  # ends the question's line, which is still open
        return False
    return text.strip() == wanted


def say_sql(sql: str) -> None:
    """Prints SQL for an administrator as it is, its lines apart, safe to show."""
    say(display_lines(sql.rstrip()))


def say_for_server(sql: str) -> None:
    """Prints SQL that an administrator of the server has to run; nothing where there is none."""
    if sql:
        say(_("An administrator of the server runs this SQL, so that it knows too:"))
        say_sql(sql)


def sentence(problem: Problem) -> str:
    """A problem as one sentence that names its field, and what to do about it on the command line."""
    field = BUILT_IN.by_name.get(problem.field)
    if field is None or field.title.casefold() in problem.message.casefold():
        return with_cure(problem)
    return f"{field.title}: {with_cure(problem)}"


def tell_problems(problems: Iterable[Problem]) -> None:
    """Each problem on a line of its own on standard error, warnings marked as such."""
    for problem in problems:
        tell(_("Warning: {sentence}").format(sentence=sentence(problem)) if problem.warning else sentence(problem))


def tell_refused(refusal: Refused) -> None:
    """What was refused, on standard error; as one object on standard output, too, where JSON is wanted and nothing was
    printed of it."""
    if json_is_due():
        errors = [
            {"field": wrong.field, "code": wrong.code, "message": with_cure(wrong)}
            for wrong in refusal.problems
            if not wrong.warning
        ]
        say(json_text({"refusal": {"code": refusal.code, "message": all_with_cures(refusal), "errors": errors}}))
    tell_problems(refusal.problems)


def json_text(record: Mapping[str, object]) -> str:
    """`record` as one line of JSON: readable where the output takes UTF-8; what a terminal would obey or hide
    is escaped."""
    import json

    json_begun()
    line = json.dumps(record, ensure_ascii=(sys.stdout.encoding or "").lower() not in ("utf-8", "utf8"))
    if line.isprintable() and not any(blank in line for blank in BLANKS):
        return line
    return line.translate(_ESCAPED)


# What Python calls printable although it shows nothing (fillers of Hangul and Khmer, the grapheme joiner).
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"


class _Escapes(dict[int, str | int]):
    """A table for `str.translate`, filled as characters are met: what may not stand in JSON as it is."""

    def __missing__(self, code: int) -> str | int:
        character = chr(code)
        if character.isprintable() and not is_invisible(character):
            self[code] = code
        else:
            units = character.encode("utf-16-be", "surrogatepass").hex()
            self[code] = "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
        return self[code]


_ESCAPED = _Escapes()


def file_text(value: str) -> str:
    """`value` for a CSV: as it is in a file; on a terminal, and for control characters, made visible."""
    if value.isprintable():
        return value
    if sys.stdout.isatty():
        return display_lines(value)
    return "".join(display_text(sign) if is_control(sign) and sign not in "\n\t" else sign for sign in value)


def cell_width(text: str) -> int:
    """How many cells of a terminal `text` takes; it has no control characters."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


@lru_cache(maxsize=4_096)  # texts have few different characters
def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def fit(text: str, width: int) -> str:
    """`text` padded, or cut with an ellipsis, to exactly `width` cells."""
    room = width - cell_width(text)
    if room >= 0:
        return text + " " * room
    kept, used = [], 0
    for character in text:
        used += _cells(character)
        if used >= width:
            used -= _cells(character)
            break
        kept.append(character)
    return "".join(kept) + "…" + " " * (width - used - 1)


class Table:
    """An aligned table. The widths are taken from the headings and the first rows; longer values are cut."""

    def __init__(self, headings: Sequence[str], rows: Iterable[Sequence[str]], least: Sequence[int] = ()) -> None:
        floors = least or [0] * len(headings)
        self.widths = [max(cell_width(heading), floor) for heading, floor in zip(headings, floors, strict=True)]
        for row in rows:
            for place, cell in enumerate(row):
                self.widths[place] = max(self.widths[place], min(cell_width(cell), CAP))
        self.headings = headings

    def narrow(self) -> None:
        """On a terminal, leaves out columns from the right until the table fits into it."""
        if not sys.stdout.isatty():
            return
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
        while len(self.widths) > 1 and sum(self.widths) + 2 * (len(self.widths) - 1) > columns:
            self.widths.pop()

    def line(self, cells: Sequence[str]) -> str:
        """One row of the table, of cells that are safe to show."""
        return "  ".join(map(fit, cells, self.widths)).rstrip()

    def head(self) -> str:
        """The headings' line."""
        return self.line(self.headings)


def say_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a short table of raw values; on a terminal, only the columns for which there is room."""
    shown = [[display_text(cell) for cell in row] for row in rows]
    table = Table(headings, shown)
    table.narrow()
    say(table.head())
    for row in shown:
        say(table.line(row))
