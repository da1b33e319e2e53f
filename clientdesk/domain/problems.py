"""What is wrong with what someone gave us, and the refusal that says so."""

from collections.abc import Mapping

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text, shortened, whole_number


class Problem(NamedTuple):
    """One thing that is wrong: a code from `problem_catalogue.CATALOGUE`, the field it is about ("" for none), its values."""

    code: str
    field: str
    values: Mapping[str, object]

    @property
    def warning(self) -> bool:
        """Whether the person may go on all the same."""
        from clientdesk.domain.problem_catalogue import CATALOGUE

        return CATALOGUE[self.code][1]

    @property
    def message(self) -> str:
        """The sentence in the person's language, safe to show."""
        from clientdesk.domain.problem_catalogue import CATALOGUE, WITHOUT

        values = {name: _shown(name, value) for name, value in self.values.items()}
        instead = (
            sentence
            for names, sentence in WITHOUT.get(self.code, ())
            if not any(values.get(name, "").strip() for name in names)
        )
        return _(next(instead, CATALOGUE[self.code][0])).format_map(_Values(values))


class _Values(dict[str, str]):
    """The values of a sentence. A problem that an older clientdesk kept may lack one."""

    def __missing__(self, name: str) -> str:
        return "…"


_WORDS = ("label", "entity", "action", "access", "kind", "instead", "hint")
"""The values that are words of the program, to be translated; all others are data."""
_WHOLE = ("path", "aside", "beside", "backup", "place", "location", "sql", "signs", "reason", "reasons")
"""The data that a sentence shows whole, however long."""
_AS_TYPED = ("change", "number")
"""Numbers by which something is asked for, which are shown as they are typed: 1234, not 1,234."""
_LISTS = ("choices", "headings", "lines", "names", "sheets", "company_ids")
SHOWN, SHOWN_OF_LISTS = 80, 1_000
"""So many characters of a value, and of several in a row, a sentence shows at most."""


def _shown(name: str, value: object) -> str:
    if isinstance(value, int):
        return str(value) if name in _AS_TYPED else whole_number(value)
    text = str(value)
    if name in _WORDS:
        return _(text)
    if name == "reason" and text:  # the program's own words, or those of a library or a server
        return display_text(_(text))
    if name not in _WHOLE:
        text = shortened(text, SHOWN_OF_LISTS if name in _LISTS else SHOWN)
    return display_text(text)


def problem(code: str, field: str = "", **values: object) -> Problem:
    """A problem with the values its sentence needs."""
    return Problem(code, field, values)


class Refused(Exception):
    """A use case was refused and nothing was changed; `problems` says why, a sentence each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.code for problem in problems))
        self.problems = problems

    @property
    def code(self) -> str:
        """The code of the first problem: a stable word for programs."""
        return self.problems[0].code

    @property
    def message(self) -> str:
        """All the sentences in the person's language, safe to show."""
        return " ".join(problem.message for problem in self.problems)

    def __str__(self) -> str:
        return self.message


class FirmUnusable(Refused):
    """The firm cannot be used as it is (a file missing, damaged, locked; a full disk; a server that is away)."""

    @property
    def away(self) -> bool:
        """Whether the server of an open firm does not answer now: what was on the screen is still true as far as known,
        and clientdesk connects again by itself."""
        return self.code in ("server_away", "save_unknown")

    @property
    def another_file(self) -> bool:
        """Whether what stands at the place of the open firm's file is not that file any more: nothing can be saved
        there, and what was open is still on the screen."""
        from clientdesk.domain.replaced_file_problems import ANOTHER_FILE

        return self.code in ANOTHER_FILE


def refuse(code: str, field: str = "", **values: object) -> Refused:
    """A refusal with one problem: `raise refuse("client_gone")`."""
    return Refused(problem(code, field, **values))
