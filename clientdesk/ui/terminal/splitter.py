"""What a terminal sends, taken apart: typed text, keys, pastes. Strings of the terminal are dropped.

Nothing here reads, waits or looks at a clock: bytes come in as they are read, and whoever reads tells of silence.
The rules are those by which terminals read what programs send (ECMA-48; Paul Williams' diagram of the VT500),
looked at from the other side.
"""

import codecs
import re
from collections.abc import Callable
from enum import Enum

from clientdesk.named_tuple import NamedTuple

SILENCE = 1.05
"""After so many seconds without a byte, what is not whole is given up: a pause of 1 s may still be inside."""
PASTE_SILENCE = 5.0
"""After so many seconds without a byte a paste has ended, whether or not the terminal has said so."""
PASTE_PIECE = 1_048_576
"""A paste of more bytes is handed on in pieces."""
LONGEST = 65_536
"""So many bytes a string or a sequence has at most; what comes after them is typed text again."""

_BEL, _CAN, _SUB, _ESC, _DEL = 0x07, 0x18, 0x1A, 0x1B, 0x7F
_C1_LEAD, _C1_ST = 0xC2, 0x9C
_STRINGS = b"]P_^X"  # behind ESC: OSC, DCS, APC, PM, SOS
_C1_STRINGS = frozenset(b"\x9d\x90\x9f\x9e\x98")  # the same as characters of their own, in UTF-8 behind 0xC2
_C1_CSI = 0x9B
# Where typed text may end. A single byte of 0x80 to 0x9F is no introducer but a letter in an encoding that is not ours.
_INTRODUCER = re.compile(rb"\x1b")
_INTRODUCER_IN_UTF8 = re.compile(rb"\x1b|\xc2")
_PASTE_BEGIN, _PASTE_END = b"\x1b[200~", b"\x1b[201~"
# Sequences that end otherwise than the rules say: rxvt's keys with shift, and one byte or three behind [[ and [M.
_RXVT = rb"\x1b\[\d+\$"
_BEHIND = {b"\x1b[[": 1, b"\x1b[M": 3}


class Kind(Enum):
    """What was sent."""

    TEXT = "text"  # characters, control characters among them
    ESCAPE = "escape"  # esc by itself
    ALT = "alt"  # a character with alt
    SEQUENCE = "sequence"  # a whole CSI or SS3 sequence: a key, the mouse, a report or nothing that is known
    PASTE = "paste"  # text between the marks of a bracketed paste


class Token(NamedTuple):
    """One thing that was sent; a sequence as it came, everything else as text."""

    kind: Kind
    text: str


class Splitter:
    """Takes apart what comes in from a terminal, however it is cut.

    `escape_delay` is how many seconds esc may wait for the rest of a sequence; `encoding` is that of typed text: what
    it cannot read becomes U+FFFD.
    """

    def __init__(self, escape_delay: float, encoding: str = "utf-8") -> None:
        self._escape_delay = escape_delay
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._introducer = _INTRODUCER_IN_UTF8 if codecs.lookup(encoding).name == "utf-8" else _INTRODUCER
        self._step: Callable[[bytes, int], int] = self._text
        self._sequence = bytearray()
        """The sequence or paste so far."""
        self._behind = 0
        """So many bytes still belong to the sequence, whatever they are."""
        self._length = 0
        self._last = 0
        """The length of the string so far, and its last byte."""
        self._tokens: list[Token] = []

    @property
    def patience(self) -> float | None:
        """How many seconds of silence decide what becomes of the beginning that has come; None if nothing waits."""
        if self._step == self._escape:
            return self._escape_delay
        if self._step == self._paste:
            return PASTE_SILENCE
        waiting = self._step != self._text or bool(self._decoder.getstate()[0])
        return SILENCE if waiting else None

    def feed(self, data: bytes) -> list[Token]:
        """The next bytes; what is whole now."""
        position = 0
        while position < len(data):
            position = self._step(data, position)
        return self._taken()

    def silence(self, seconds: float) -> list[Token]:
        """Nothing has come for so many seconds; what is decided by it."""
        if self.patience is None or seconds < self.patience:
            return []
        if self._step == self._escape:
            self._tokens.append(Token(Kind.ESCAPE, "\x1b"))
        elif self._step == self._alt:
            self._add(Kind.ALT, self._decoder.decode(b"", True))
        elif self._step == self._c1:
            self._decoder.decode(b"\xc2")
        elif self._step == self._paste:
            self._end_paste()
        self._end_text()
        self._step = self._text
        return self._taken()

    def _taken(self) -> list[Token]:
        tokens, self._tokens = self._tokens, []
        return tokens

    def _add(self, kind: Kind, text: str) -> None:
        if text:
            self._tokens.append(Token(kind, text))

    # --- the states: each takes bytes from a position on and answers with the position behind them

    def _text(self, data: bytes, position: int) -> int:
        match = self._introducer.search(data, position)
        end = match.start() if match else len(data)
        self._add(Kind.TEXT, self._decoder.decode(data[position:end]))
        if match is None:
            return end
        self._end_text()
        self._step = self._escape if data[end] == _ESC else self._c1
        return end + 1

    def _end_text(self) -> None:
        self._add(Kind.TEXT, self._decoder.decode(b"", True))

    def _c1(self, data: bytes, position: int) -> int:
        """Behind 0xC2, which begins a letter or an introducer in one character."""
        if self._begin_c1(data[position]):
            return position + 1
        self._step = self._text
        self._add(Kind.TEXT, self._decoder.decode(b"\xc2"))
        return position

    def _begin_c1(self, code: int) -> bool:
        """Whether a character is an introducer by itself; what it introduces has begun then."""
        if code in _C1_STRINGS:
            self._begin_string()
        elif code == _C1_CSI:
            self._begin_sequence(b"\x1b[", self._csi)
        else:
            return False
        return True

    def _escape(self, data: bytes, position: int) -> int:
        byte = data[position]
        if byte == _ESC:
            self._tokens.append(Token(Kind.ESCAPE, "\x1b"))
            return position + 1
        if byte in _STRINGS:
            self._begin_string()
        elif byte == 0x5B:
            self._begin_sequence(b"\x1b[", self._csi)
        elif byte == 0x4F:
            self._begin_sequence(b"\x1bO", self._ss3)
        else:
            self._step = self._alt
            return position
        return position + 1

    def _alt(self, data: bytes, position: int) -> int:
        """Behind ESC, until a character is whole."""
        characters = self._decoder.decode(data[position : position + 1])
        if characters:
            self._step = self._text
            if self._begin_c1(ord(characters[0])):
                self._tokens.append(Token(Kind.ESCAPE, "\x1b"))
            else:
                self._tokens.append(Token(Kind.ALT, characters[0]))
                self._add(Kind.TEXT, characters[1:])
        return position + 1

    def _begin_string(self) -> None:
        self._length = self._last = 0
        self._step = self._string

    def _string(self, data: bytes, position: int) -> int:
        for place in range(position, len(data)):
            byte, before = data[place], self._last
            self._last = byte
            self._length += 1
            closed = (before == _ESC and byte == 0x5C) or (before == _C1_LEAD and byte == _C1_ST)
            if closed or byte in (_BEL, _CAN, _SUB) or self._length >= LONGEST:
                self._step = self._text
                return place + 1
        return len(data)

    def _begin_sequence(self, introducer: bytes, step: Callable[[bytes, int], int]) -> None:
        self._sequence[:] = introducer
        self._step = step

    def _end_sequence(self) -> None:
        self._add(Kind.SEQUENCE, self._sequence.decode("latin-1"))
        self._step = self._text

    def _broken_off(self, data: bytes, position: int) -> int | None:
        """What no sequence has inside: the position behind it (or where text begins again); None for anything else."""
        byte = data[position]
        if byte == _ESC:
            self._step = self._escape
            return position + 1
        if byte in (_CAN, _SUB):
            self._step = self._text
            return position + 1
        if byte > _DEL:
            self._step = self._text
            return position
        if byte < 0x20 or byte == _DEL:  # a key that was typed meanwhile
            self._tokens.append(Token(Kind.TEXT, chr(byte)))
            return position + 1
        return None

    def _csi(self, data: bytes, position: int) -> int:
        broken_off = self._broken_off(data, position)
        if broken_off is not None:
            return broken_off
        self._sequence.append(data[position])
        if data[position] >= 0x40:
            self._behind = _BEHIND.get(bytes(self._sequence), 0)
            if self._behind:
                self._step = self._rest
            elif self._sequence == _PASTE_BEGIN:
                self._sequence.clear()
                self._step = self._paste
            else:
                self._end_sequence()
        elif data[position] == 0x24 and re.fullmatch(_RXVT, self._sequence):
            self._end_sequence()
        elif len(self._sequence) >= LONGEST:
            self._step = self._text
        return position + 1

    def _ss3(self, data: bytes, position: int) -> int:
        broken_off = self._broken_off(data, position)
        if broken_off is not None:
            return broken_off
        self._sequence.append(data[position])
        if data[position] not in b"0123456789;":
            self._end_sequence()
        elif len(self._sequence) >= LONGEST:
            self._step = self._text
        return position + 1

    def _rest(self, data: bytes, position: int) -> int:
        self._sequence.append(data[position])
        self._behind -= 1
        if not self._behind:
            self._end_sequence()
        return position + 1

    def _paste(self, data: bytes, position: int) -> int:
        looked_at = max(0, len(self._sequence) - len(_PASTE_END))
        self._sequence += data[position:]
        end = self._sequence.find(_PASTE_END, looked_at)
        if end < 0:
            if len(self._sequence) > PASTE_PIECE:  # the beginning of the end may be there already
                piece = bytes(self._sequence[: -len(_PASTE_END)])
                del self._sequence[: -len(_PASTE_END)]
                self._add(Kind.PASTE, self._decoder.decode(piece))
            return len(data)
        left = len(self._sequence) - end - len(_PASTE_END)
        del self._sequence[end:]
        self._end_paste()
        return len(data) - left

    def _end_paste(self) -> None:
        self._add(Kind.PASTE, self._decoder.decode(bytes(self._sequence), True))
        self._sequence.clear()
        self._step = self._text
