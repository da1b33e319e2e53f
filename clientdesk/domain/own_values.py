"""What clients have in a firm's own fields, and their tags: as it is typed, as patches name it, as it is kept.

A patch names each own field by itself (`own_7`); the client's column `own` has them all, as JSON by the field's id. A
text, a number, a date, a link and a yes or no ("yes", "no") is kept as text; a choice and a team member by their ids, as
whole numbers; tags as a list of ids, in patches "#3,#17". "" is nothing, and stands nowhere in the JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import TAGS, OwnKind
from clientdesk.domain.patch import Value

COLUMN = "own"
"""The column of a client that has all own fields."""
EMPTY = "{}"
"""The column of a client who has nothing in any own field."""
LONGEST = 200
"""So many characters a text, or a link, has at most."""
MOST_TAGS = 100
"""So many tags a client has at most."""
_DIGITS, _DECIMALS = 20, 10
"""So many digits a number has before its point and behind it."""
_KEY_LENGTH = 400
FIRST_OF_TEXTS = "!"
"""The sort keys of what looks like a number are less than this, those of all other texts are not."""
PREFIX = "own_"
"""What the names of own fields begin with; behind it stands the id."""
_OWN = re.compile(r"own_\d{1,19}", re.ASCII)
_TAG = re.compile(r"#(\d{1,18})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", re.ASCII)


def is_own(name: str) -> bool:
    """Whether a field of this name is the firm's own, or that of the tags."""
    return name == TAGS or _OWN.fullmatch(name) is not None


def field_id(name: str) -> int:
    """The id of an own field by its name; 0 for the tags."""
    return 0 if name == TAGS else int(name.removeprefix(PREFIX))


def unpacked(text: object) -> dict[str, Value]:
    """What the column says, by the names of the fields; nothing where another program wrote what is none of it."""
    try:
        kept = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        kept = {}
    values: dict[str, Value] = {}
    for key, value in kept.items() if isinstance(kept, dict) else ():
        if key == TAGS:
            if isinstance(value, list):
                values[TAGS] = tags_kept(tag for tag in value if isinstance(tag, int))
        elif isinstance(value, (str, int)) and _OWN.fullmatch(f"{PREFIX}{key}"):
            values[f"{PREFIX}{key}"] = value
    return values


def packed(values: Mapping[str, Value]) -> str:
    """The column of a client with these values by field; others than own ones are passed over."""
    own = sorted((name for name, value in values.items() if value not in ("", None) and is_own(name)), key=_place)
    kept = {name.removeprefix(PREFIX): sorted(tag_ids(values[name])) if name == TAGS else values[name] for name in own}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else EMPTY


def gathered(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """A client's values with its own fields in the column that has them all."""
    own = [name for name in values if name.startswith(PREFIX) or name == TAGS]
    if not own and COLUMN in values:
        return values
    together = {**values, COLUMN: packed(values) if own else EMPTY}
    for name in own:
        del together[name]
    return together


def sides(
    operation: str, old: Mapping[str, object], new: Mapping[str, object]
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Both sides of an entry of the history about a client, with each own field by its name; of a change those that
    became others."""
    if COLUMN not in old and COLUMN not in new:
        return old, new
    held_before, held_after = unpacked(old.get(COLUMN)), unpacked(new.get(COLUMN))
    if operation == "update":
        names = [name for name in {**held_before, **held_after} if held_before.get(name) != held_after.get(name)]
        held_before = {name: held_before.get(name, "") for name in names}
        held_after = {name: held_after.get(name, "") for name in names}
    before, after = ({name: value for name, value in side.items() if name != COLUMN} for side in (old, new))
    return {**before, **held_before}, {**after, **held_after}


def _place(name: str) -> int:
    return 1 << 63 if name == TAGS else field_id(name)


def tags_kept(ids: Iterable[int]) -> str:
    """Tags as patches name them."""
    return ",".join(f"#{tag_id}" for tag_id in sorted(set(ids)))


def tag_ids(value: Value) -> list[int]:
    """The ids of the tags that a value names."""
    return [int(match[1]) for part in str(value or "").split(",") if (match := _TAG.fullmatch(part.strip()))]


# --- by what they are sorted and compared


def sort_key(value: Value) -> str:
    """By what a value is sorted and compared: numbers by their size, texts without case and accents."""
    text = fold(str(value))
    if isinstance(value, str) and _NUMBER.fullmatch(text):
        return _number_key(text)
    return text[:_KEY_LENGTH]


def _number_key(text: str) -> str:
    """A text that is before another one where its number is less; before all texts that are no numbers."""
    whole, _point, decimals = text.removeprefix("-").partition(".")
    key = f"{whole.zfill(_DIGITS)}.{decimals.ljust(_DECIMALS, '0')}"
    if text.startswith("-"):
        return " -" + "".join(str(9 - int(sign)) if sign.isdigit() else sign for sign in key)
    return " 0" + key


def sort_keys(own: object) -> str:
    """The keys of the values of a column that are not the values themselves, as JSON by the field's id."""
    if own == EMPTY:
        return EMPTY
    values = unpacked(own)
    keys = {
        name.removeprefix(PREFIX): key
        for name, value in values.items()
        if name != TAGS and (key := sort_key(value)) != str(value)
    }
    return json.dumps(keys, ensure_ascii=False, separators=(",", ":")) if keys else EMPTY


# --- what is typed


def number_from(text: str) -> str | None:
    """The number that is typed, as it is kept; None where it is none, or where it may be two: 1,234."""
    plain = "".join(text.split()).replace("\u2212", "-")
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        head, tail = plain[:last].replace(",", "").replace(".", ""), plain[last + 1 :]
        plain = f"{head}.{tail}"
    elif plain.count(",") == 1:
        head, _comma, tail = plain.partition(",")
        if len(tail) == 3 and head.lstrip("-") not in ("", "0"):
            return None
        plain = f"{head}.{tail}"
    if not re.fullmatch(r"[+-]?\d+(\.\d*)?", plain, re.ASCII):
        return None
    whole, _point, decimals = plain.lstrip("+-").partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    if len(whole) > _DIGITS or len(decimals) > _DECIMALS:
        return None
    number = f"{whole}.{decimals}" if decimals else whole
    return f"-{number}" if plain.startswith("-") and number != "0" else number


_ISO = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_DAY_FIRST = r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})"


def dates_from(text: str) -> tuple[str, ...]:
    """The days that a text may mean, as they are kept: none, one, or two where day and month cannot be told apart."""
    text = text.strip()
    if match := re.fullmatch(_ISO, text, re.ASCII):
        readings = [(int(match[1]), int(match[2]), int(match[3]))]
    elif match := re.fullmatch(_DAY_FIRST, text, re.ASCII):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        readings = [(year, second, first), (year, first, second)]
    else:
        return ()
    days = []
    for year, month, day in readings:
        try:
            days.append(date(year, month, day).isoformat())
        except ValueError:
            continue
    return tuple(dict.fromkeys(days))


def kind_of(cells: Iterable[str]) -> OwnKind:
    """The kind of field that cells, none of which is empty, seem to be values of."""
    texts = list(cells)
    if texts and all(len(dates_from(text)) == 1 for text in texts):
        return OwnKind.DATE
    if texts and all(number_from(text) is not None for text in texts):
        return OwnKind.NUMBER
    if texts and all(text.casefold() in _YES_OR_NO for text in texts):
        return OwnKind.YES_NO
    return OwnKind.TEXT


_YES_OR_NO = frozenset(("yes", "no", "y", "n", "sí", "si"))
