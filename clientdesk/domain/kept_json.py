"""What the JSON that a firm keeps of imports and arrivals must say so that it can be read: for those who read it, and
for `check`."""

from typing import Any, TypeGuard

from clientdesk.domain.problem_catalogue import CATALOGUE

_WORDS = ("firm", "at", "who", "kind", "note", "operation")


def is_cells(value: object) -> TypeGuard[list[tuple[str, str]]]:
    """Whether this is headings, each with its cell."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in value
    )


def is_problem(value: object) -> TypeGuard[tuple[str, str, dict[str, object]]]:
    """Whether this is the code of a problem that this program knows, its field and its values."""
    match value:
        case [str() as code, str(), dict()]:
            return code in CATALOGUE
    return False


def is_past(value: object) -> TypeGuard[list[dict[str, Any]]]:
    """Whether this is the entries of a history that a client brought along."""
    return isinstance(value, list) and all(_is_entry(entry) for entry in value)


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in _WORDS):
        return False
    sides = [entry.get("old"), entry.get("new")]
    return all(isinstance(side, dict) and all(isinstance(text, str) for text in side.values()) for side in sides)
