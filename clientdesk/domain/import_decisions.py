"""What a person decides about an import: what becomes of a name that the firm does not know, and of a row that is
likely a client that is there already."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple


class What(Enum):
    """What is decided. The first four are of names, the others of likely duplicates."""

    EMPTY = auto()  # the field stays empty
    REFUSE = auto()
    CREATE = auto()  # the name becomes a client type
    EXISTING = auto()  # the value is a name of the firm
    ADD = auto()
    SKIP = auto()
    MERGE = auto()  # the value is the Company ID of a client of the firm
    TAKE_IN = auto()  # the value is the number of an earlier row, which takes the row in


class Decision(NamedTuple):
    """A decision, with the name, the Company ID or the number of a row that it speaks of."""

    what: What
    value: str = ""

    @property
    def word(self) -> str:
        """As it is written in mappings (docs/importing.md) and kept in the firm."""
        return _WORDS.get(self.what, "") + self.value

    @property
    def row(self) -> int:
        """The number of the row that takes another one in; 0 for every other decision."""
        return int(self.value) if self.what is What.TAKE_IN else 0


EMPTY, REFUSE, CREATE = Decision(What.EMPTY), Decision(What.REFUSE), Decision(What.CREATE)
ADD, SKIP = Decision(What.ADD), Decision(What.SKIP)
LIKELY_DUPLICATE = SKIP
"""What becomes of a row that is likely a client that is there already, where nobody decides."""

_WORDS = {
    What.REFUSE: "!",
    What.CREATE: "+",
    What.ADD: "add",
    What.SKIP: "skip",
    What.MERGE: "merge:",
    What.TAKE_IN: "row:",
}
_OF_NAMES = {decision.word: decision for decision in (EMPTY, REFUSE, CREATE)}
_OF_DUPLICATES = {decision.word: decision for decision in (ADD, SKIP)}


def words(decisions: Mapping[str, Decision]) -> dict[str, str]:
    """The words of what is decided for names."""
    return {name: decision.word for name, decision in decisions.items()}


def of_name(word: str) -> Decision:
    """What a word decides about a name: "" to leave it empty, "!" to refuse it, "+" to create it, else another name."""
    return _OF_NAMES.get(word) or Decision(What.EXISTING, word)


def of_duplicate(word: str) -> Decision:
    """What a word decides about a likely duplicate: "add", "skip", "merge:COMPANY ID" or "row:NUMBER".

    Raises ValueError for any other.
    """
    if word in _OF_DUPLICATES:
        return _OF_DUPLICATES[word]
    for what in (What.MERGE, What.TAKE_IN):
        if word.startswith(_WORDS[what]):
            value = word.removeprefix(_WORDS[what])
            return Decision(what, value if what is What.MERGE else str(int(value)))
    raise ValueError(word)
