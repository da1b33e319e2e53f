"""The texts of a firm's file: SQLite keeps any bytes as a text, whatever program wrote them."""

import codecs

from clientdesk.text import UNREADABLE

_MARKED = "clientdesk.marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNREADABLE, error.end


codecs.register_error(_MARKED, _mark)


def decoded(kept: bytes) -> str:
    """A text as it is kept; each piece that is no UTF-8 is one mark, which `check` finds."""
    return kept.decode("utf-8", _MARKED)
