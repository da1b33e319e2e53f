"""The settings of the firm, each declared once.

The firm's row and its history, what both databases let a setting hold and who may write it, the settings screen, the
command line with its help, copying, `check` and undo read this list. A new setting is one entry and one ALTER TABLE on
each engine.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from clientdesk.domain.access import Action
from clientdesk.domain.bounds import Bound, Number, Text
from clientdesk.domain.fields import Choice, Kind
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import unseen
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, ngettext, shows_nothing, whole_number

YES_NO = (Choice("yes", N_("Yes")), Choice("no", N_("No")))
_ON_OFF: Mapping[Value, str] = MappingProxyType({1: N_("on"), 0: N_("off")})
_WHOLE_NUMBER = r"-?(?:[0-9]+|[0-9]{1,3}(?:([.,\s])[0-9]{3})(?:\1[0-9]{3})*)"
"""Digits, also in groups of three: 1500, 1,500, 1.500, 1 500; not 1.5, which is no whole number."""
_NO_WORDS: Mapping[Value, str] = MappingProxyType({})


class Setting(NamedTuple):
    """One setting of the firm.

    `title` is its line on the screen and in the history, `subject` how a sentence speaks of it ("": as the title does), `question` what the
    screen asks, and `asked` the label of the line that is typed there; `meaning` explains it. `kind` is TEXT, NUMBER or
    SWITCH (a yes or no, kept as 1 or 0). `limit` is the greatest length of a text in characters, or the greatest number;
    a number may be None. `choices` are what a person chooses from, by the word for it on the command line. `words` are
    what the screen shows for some values (untranslated), `counted` how it shows a number: the singular and the plural
    with a {count}. `default` is what a new firm has, and a firm whose history is older than the setting. `action` is
    what somebody's access must allow. `reads` makes what a person writes the text that is kept,
    or refuses it.
    """

    name: str
    title: str
    question: str
    subject: str = ""
    asked: str = N_("Value")
    meaning: str = ""
    kind: Kind = Kind.TEXT
    limit: int = 200
    required: bool = False
    choices: tuple[Choice, ...] = ()
    words: Mapping[Value, str] = _NO_WORDS
    counted: tuple[str, str] = ("{count}", "{count}")
    default: Value = ""
    action: Action = Action.MANAGE_FIRM
    reads: Callable[[str], str] | None = None

    @property
    def bound(self) -> Bound:
        """What its column may hold."""
        if self.kind is Kind.SWITCH:
            return Number(0, 1)
        return Number(1, self.limit) if self.kind is Kind.NUMBER else Text(self.limit, filled=self.required)

    @property
    def told_by(self) -> Mapping[Value, str]:
        """The words of the history for its values (untranslated)."""
        return _ON_OFF if self.kind is Kind.SWITCH else _NO_WORDS

    def read(self, text: str) -> Value:
        """What it is for what a person writes. Refused ("not_a_number", "number_out_of_bounds", "not_yes_or_no", and what `reads` refuses with)."""
        if self.kind is Kind.TEXT:
            return text if self.reads is None else self.reads(text)
        if self.kind is Kind.NUMBER:
            return self._number(text)
        answer = text.strip().casefold()
        if answer not in {choice.value for choice in YES_NO}:
            raise refuse("not_yes_or_no", self.name, label=self.subject or self.title, value=text)
        return int(answer == "yes")

    def _number(self, text: str) -> int | None:
        label, written = self.subject or self.title, text.strip()
        if written and not re.fullmatch(_WHOLE_NUMBER, written):
            raise refuse("not_a_number", self.name, label=label, value=text)
        digits = re.sub("[^0-9]", "", written).lstrip("0")
        if not digits:
            return None
        # a number of thousands of digits is not even read
        if written.startswith("-") or len(digits) > len(str(self.limit)):
            raise refuse("number_out_of_bounds", self.name, label=label, value=text, limit=self.limit)
        return int(digits)

    def problems(self, value: Value) -> list[Problem]:
        """What is wrong with a tidied value."""
        if self.kind is not Kind.TEXT:
            if self.bound.holds(value) or (value is None and self.kind is Kind.NUMBER):
                return []
            label = self.subject or self.title
            return [problem("number_out_of_bounds", self.name, label=label, value=value, limit=self.limit)]
        text = str(value)
        if self.required and shows_nothing(text):
            return [problem("required", self.name, label=self.subject or self.title)]
        if refusal := unseen(self.name, self.subject or self.title, text):
            return [refusal]
        if len(text) > self.limit:
            size = {"length": len(text), "limit": self.limit}
            return [problem("too_long", self.name, label=self.subject or self.title, value=text, **size)]
        return []

    def plain(self, value: Value) -> str | int | bool | None:
        """A value as JSON shows it: a text, a number (None for none), or true and false."""
        return bool(value) if self.kind is Kind.SWITCH else value

    def written(self, value: Value) -> str:
        """A value as a person writes it, and as the command line prints it."""
        if value is None:
            return ""
        return ("yes" if value else "no") if self.kind is Kind.SWITCH else str(value)

    def display(self, value: Value) -> str:
        """A value as the screen shows it, in the person's language."""
        if value in self.words:
            return _(self.words[value])
        if self.kind is Kind.SWITCH:
            return _(_ON_OFF[value])
        if self.kind is Kind.NUMBER and isinstance(value, int):
            return ngettext(*self.counted, value).format(count=whole_number(value))
        return "" if value is None else str(value)


def _time_zone(text: str) -> str:
    from clientdesk.domain.time_zones import zone_named  # whoever reads settings does not wait for it

    return zone_named(text)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "name",
        N_("The firm's name"),
        N_("What is the firm called?"),
        asked=N_("Name"),
        meaning=N_("The name that stands at the top of every screen."),
        limit=100,
        required=True,
    ),
    Setting(
        "client_notice",
        N_("QuickBooks notice"),
        N_("From how many clients on shall the list say so?"),
        subject=N_("The notice"),
        asked=N_("Clients"),
        meaning=N_(
            "QuickBooks Online Accountant holds 2,000 clients a firm; clientdesk has no limit. From this number on, the"
            " list says so. Empty or 0: never."
        ),
        kind=Kind.NUMBER,
        limit=999_999_999_999,
        words={None: N_("never")},
        counted=(N_("from {count} client on"), N_("from {count} clients on")),
        default=2_000,
    ),
    Setting(
        "upload_limit",
        N_("Upload limit"),
        N_("Keep to QuickBooks' limit when numbers are uploaded?"),
        subject=N_("The upload limit"),
        meaning=N_(
            "QuickBooks Online Accountant takes 1,000 client numbers or 100 KB in one upload. With the limit on, a larger"
            " file is cut into such batches after a question."
        ),
        kind=Kind.SWITCH,
        choices=(
            Choice("yes", N_("Yes: larger files are cut into batches")),
            Choice("no", N_("No: a file of any size goes in at once")),
        ),
        words={1: N_("1,000 clients or 100 KB a batch"), 0: N_("none")},
        default=1,
    ),
    Setting(
        "time_zone",
        N_("Time zone"),
        N_("In which time zone does the firm work?"),
        subject=N_("The time zone"),
        asked=N_("Name"),
        meaning=N_(
            "It says when a day begins: what is due, and what is late. Write its name, such as Europe/Madrid. Empty: this"
            " computer's, on a server the server's."
        ),
        limit=60,
        words={"": N_("this computer's, on a server the server's")},
        reads=_time_zone,
    ),
    Setting(
        "soon_days",
        N_("Due soon"),
        N_("So many days before work is due it is due soon."),
        subject=N_("The days before work is due"),
        asked=N_("Days"),
        meaning=N_("Work that is due within so many days stands out. Empty or 0: none does."),
        kind=Kind.NUMBER,
        limit=365,
        words={None: N_("never")},
        counted=(N_("{count} day before"), N_("{count} days before")),
        default=7,
    ),
)

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
DEFAULTS: Mapping[str, Value] = {setting.name: setting.default for setting in SETTINGS}
