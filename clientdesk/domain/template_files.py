"""Templates of work as files: TOML, read with the line of what is wrong in it, and written."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from clientdesk.domain.fold import fold
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.domain.work_templates import LEAD, MOST_ITEMS, MOST_ROLES, MOST_SECTIONS, NAME_LIMIT, TITLE_LIMIT
from clientdesk.domain.working_days import Roll
from clientdesk.text import N_, _, shows_nothing


class FileRole(NamedTuple):
    """A role as a file names it: by the lead accountant, by a member of this name, by an own field of this name, or by
    nobody."""

    name: str
    by_lead: bool = False
    member: str = ""
    field: str = ""
    line: int = 1


class FileTemplate(NamedTuple):
    """A template as a file says it, in the words of a person: filters as they are typed, names instead of ids. `lines` are
    the lines of its keys, for what is found to be wrong later."""

    name: str
    period: PeriodKind
    applies: tuple[str, ...] = ()
    due: str = "10 days"
    roll: Roll = Roll.NONE
    calendar: str = ""
    begins: str = ""
    closing_needs_all: bool = False
    states: tuple[str, ...] = ()
    roles: tuple[FileRole, ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lines: Mapping[str, int] = {}


class _Key(NamedTuple):
    """What a key's value must be: its type, what a sentence calls that, and an example."""

    kind: type
    wanted: str
    example: str


_TEXT, _TEXTS = N_("a text in quotation marks"), N_("a list of texts")
_KEYS = {
    "name": _Key(str, _TEXT, 'name = "Books review"'),
    "period": _Key(str, _TEXT, 'period = "month"'),
    "applies": _Key(list, _TEXTS, 'applies = ["status=active"]'),
    "due": _Key(str, _TEXT, 'due = "10 days"'),
    "roll": _Key(str, _TEXT, 'roll = "next"'),
    "calendar": _Key(str, _TEXT, 'calendar = "weekends"'),
    "begins": _Key(str, _TEXT, 'begins = "2026-01"'),
    "closing_needs_all": _Key(bool, N_("true or false"), "closing_needs_all = true"),
    "states": _Key(list, _TEXTS, 'states = ["In progress"]'),
    "roles": _Key(list, N_("tables"), "[[roles]]"),
    "sections": _Key(list, N_("tables"), "[[sections]]"),
}
_OF_ROLE = {
    "name": _Key(str, _TEXT, 'name = "Preparer"'),
    "by": _Key(str, _TEXT, 'by = "lead"'),
    "member": _Key(str, _TEXT, 'member = "Ana García"'),
    "field": _Key(str, _TEXT, 'field = "Manager"'),
}
_OF_SECTION = {
    "name": _Key(str, _TEXT, 'name = "Setup"'),
    "items": _Key(list, _TEXTS, 'items = ["Ask for the statements"]'),
}


def read(text: str, path: str) -> FileTemplate:
    """The template that a file says. Refused with the line of what is wrong, and with what to write there."""
    return _Reader(text, path).template()


class _Reader:
    """A file that is read."""

    def __init__(self, text: str, path: str) -> None:
        self._path, self._lines = path, text.splitlines()
        try:
            self._says = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise refuse("template_file_toml", path=path, reason=str(error)) from None
        except RecursionError:
            raise refuse("template_file_toml", path=path, reason=_("its brackets are nested too deeply")) from None

    def template(self) -> FileTemplate:
        """What all of it says."""
        says = self._table(self._says, _KEYS, "", 0)
        for key in ("name", "period"):
            if key not in says:
                raise refuse("template_file_missing", path=self._path, key=key, example=_KEYS[key].example)
        self._judge(says["name"], N_("The template's name"), NAME_LIMIT, self._line("name"))
        period = self._choice("period", says, PeriodKind)
        roll = self._choice("roll", says, Roll) if "roll" in says else Roll.NONE
        roles = [self._role(role, place) for place, role in enumerate(self._tables(says, "roles"))]
        if len(roles) > MOST_ROLES:
            reason = problem("role_count", "roles", count=len(roles), limit=MOST_ROLES).message
            raise self.wrong(reason, self._line("[[roles]]", nth=MOST_ROLES))
        return FileTemplate(
            says["name"],
            PeriodKind(period),
            self._texts(says, "applies"),
            says.get("due", "10 days"),
            Roll(roll),
            says.get("calendar", ""),
            says.get("begins", ""),
            says.get("closing_needs_all", False),
            self._texts(says, "states"),
            tuple(roles),
            self._sections(says),
            {key: self._line_of(key) for key in _KEYS},
        )

    def wrong(self, reason: str, line: int) -> Refused:
        """What is wrong on a line."""
        return refuse("template_file_wrong", path=self._path, line=line, reason=reason)

    def _line_of(self, key: str) -> int:
        """The line of a key of the template; of tables that of the first one."""
        line = self._line(key)
        return self._line(f"[[{key}]]") if line == 1 else line

    def _nameless(self, line: int, keys: Mapping[str, _Key]) -> Refused:
        about = {"key": "name", "example": keys["name"].example}
        return refuse("template_file_missing_there", path=self._path, line=line, **about)

    def _line(self, key: str, table: str = "", nth: int = 0) -> int:
        """The line of a key, in the table of a name that is the `nth` of these; 1 where it is not seen."""
        pattern = re.compile(rf"\s*(?:{re.escape(key)}|\"{re.escape(key)}\")(?:\s*=|\s*$|\s*#)")
        begins = (
            [at for at, line in enumerate(self._lines) if line.strip().startswith(f"[[{table}]]")] if table else [0]
        )
        first = begins[nth] if nth < len(begins) and table else 0
        seen = [at for at, line in enumerate(self._lines[first:], first + 1) if pattern.match(line)]
        return seen[0 if table else min(nth, len(seen) - 1)] if seen else 1

    def _table(self, says: Any, keys: Mapping[str, _Key], table: str, nth: int) -> dict[str, Any]:
        for key, value in says.items():
            line = self._line(key, table, nth)
            if key not in keys:
                raise refuse("template_file_key", path=self._path, line=line, key=key, choices=", ".join(keys))
            if not isinstance(value, keys[key].kind):
                about = {"key": key, "wanted": _(keys[key].wanted), "example": keys[key].example}
                raise refuse("template_file_value", path=self._path, line=line, **about)
        return dict(says)

    def _choice(self, key: str, says: Mapping[str, Any], choices: Any) -> str:
        if says[key] in [choice.value for choice in choices]:
            return str(says[key])
        about = {"key": key, "wanted": ", ".join(choices), "example": _KEYS[key].example}
        raise refuse("template_file_value", path=self._path, line=self._line(key), **about)

    def _tables(self, says: Mapping[str, Any], key: str) -> Sequence[Any]:
        tables = says.get(key, [])
        if all(isinstance(table, dict) for table in tables):
            return list(tables)
        about = {"key": key, "wanted": _(_KEYS[key].wanted), "example": _KEYS[key].example}
        raise refuse("template_file_value", path=self._path, line=self._line(key), **about)

    def _texts(self, says: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        texts = says.get(key, [])
        if all(isinstance(text, str) for text in texts):
            return tuple(texts)
        example = (_OF_SECTION if table else _KEYS)[key].example
        about = {"key": key, "wanted": _(_TEXTS), "example": example}
        raise refuse("template_file_value", path=self._path, line=self._line(key, table, nth), **about)

    def _role(self, role: Any, nth: int) -> FileRole:
        says, line = self._table(role, _OF_ROLE, "roles", nth), self._line("[[roles]]", nth=nth)
        line = self._line("roles") if line == 1 else line
        if "name" not in says:
            raise self._nameless(line, _OF_ROLE)
        if says.get("by", LEAD) not in (LEAD, ""):
            about = {"key": "by", "wanted": '"lead"', "example": _OF_ROLE["by"].example}
            raise refuse("template_file_value", path=self._path, line=self._line("by", "roles", nth), **about)
        if len(by := [key for key in ("by", "member", "field") if says.get(key)]) > 1:
            reason = problem("role_by_two", "roles", name=says["name"], keys=", ".join(by)).message
            raise self.wrong(reason, self._line(by[1], "roles", nth))
        return FileRole(says["name"], says.get("by") == LEAD, says.get("member", ""), says.get("field", ""), line)

    def _sections(self, says: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        sections = [self._section(section, place) for place, section in enumerate(self._tables(says, "sections"))]
        names = [name for name, _titles in sections]
        if len(sections) > MOST_SECTIONS:
            reason = problem("section_count", count=len(sections), limit=MOST_SECTIONS).message
            raise self.wrong(reason, self._line("[[sections]]", nth=MOST_SECTIONS))
        if (count := sum(len(titles) for _name, titles in sections)) > MOST_ITEMS:
            raise self._too_many_items(sections, count)
        for nth, (name, titles) in enumerate(sections):
            self._judge(name, N_("The section's name"), NAME_LIMIT, self._line("name", "sections", nth))
            if fold(name) in map(fold, names[:nth]):
                about = {"name": name, "of": says["name"]}
                raise self.wrong(problem("section_taken", **about).message, self._line("name", "sections", nth))
            seen: set[str] = set()
            for title in titles:
                self._judge(title, N_("The item"), TITLE_LIMIT, self._line_with(title, nth))
                if fold(title) in seen:
                    reason = problem("item_taken", name=title, of=name).message
                    raise self.wrong(reason, self._line_with(title, nth, last=True))
                seen.add(fold(title))
        return tuple(sections)

    def _too_many_items(self, sections: Sequence[tuple[str, Sequence[str]]], count: int) -> Refused:
        """Names the section and the item with which there are too many."""
        items = [(nth, title) for nth, (_name, titles) in enumerate(sections) for title in titles]
        nth, title = items[MOST_ITEMS]
        reason = problem("item_count", count=count, limit=MOST_ITEMS, of=sections[nth][0], name=title).message
        return self.wrong(reason, self._line_with(title, nth))

    def _judge(self, text: str, label: str, limit: int, line: int) -> None:
        if shows_nothing(text):
            raise self.wrong(problem("required", label=label).message, line)
        if len(text) > limit:
            size = {"length": len(text), "limit": limit}
            raise self.wrong(problem("too_long", "", label=label, value=text, **size).message, line)

    def _line_with(self, text: str, nth: int, last: bool = False) -> int:
        """The line of a text in the `nth` section; that of its items where it is not seen."""
        first, lines = self._line("name", "sections", nth), []
        for at, line in enumerate(self._lines[first:], first + 1):
            if line.strip().startswith("[["):
                break
            if any(f"{quote}{text}{quote}" in line for quote in "\"'"):
                lines.append(at)
        return (lines[-1] if last else lines[0]) if lines else self._line("items", "sections", nth)

    def _section(self, section: Any, nth: int) -> tuple[str, tuple[str, ...]]:
        says = self._table(section, _OF_SECTION, "sections", nth)
        if "name" not in says:
            line = self._line("[[sections]]", nth=nth)
            raise self._nameless(self._line("sections") if line == 1 else line, _OF_SECTION)
        return says["name"], self._texts(says, "items", "sections", nth)


def written(template: FileTemplate) -> str:
    """A template as a file, which `read` makes the same of."""
    import tomli_w

    says: dict[str, Any] = {"name": template.name, "period": template.period.value, "due": template.due}
    says |= {"roll": template.roll.value, "applies": list(template.applies)}
    says |= {key: value for key, value in (("calendar", template.calendar), ("begins", template.begins)) if value}
    says |= {"closing_needs_all": template.closing_needs_all, "states": list(template.states)}
    says["roles"] = [_role_written(role) for role in template.roles]
    if template.sections:
        says["sections"] = [{"name": name, "items": list(items)} for name, items in template.sections]
    return tomli_w.dumps(says, multiline_strings=False)


def _role_written(role: FileRole) -> dict[str, str]:
    says = {"name": role.name}
    if role.by_lead:
        says["by"] = LEAD
    says |= {key: value for key, value in (("member", role.member), ("field", role.field)) if value}
    return says
