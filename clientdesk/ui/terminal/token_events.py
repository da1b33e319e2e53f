"""What a terminal sent, as Textual's messages. A sequence that means nothing to the program becomes no message."""

import re
from collections.abc import Iterator

from textual import events
from textual.keys import Keys
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from clientdesk.ui.terminal.splitter import Kind, Token
from clientdesk.ui.textual_private import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, OpenParser

# A key of the kitty protocol or of xterm: its code, modifiers, kind of event and text.
_KEY = r"\x1b\[(\d{0,7})(?::[\d:]*)?(?:;(\d{0,3})(?::(\d))?)?(?:;(\d{0,7}(?::\d{0,7})*))?([u~A-HPQS])"
_MODIFY_OTHER_KEYS = r"\x1b\[27;(\d{1,3});(\d{1,7})~"
_HOLDS_PAINTING_BACK = r"\x1b\[\?2026;[1-9]\$y"
_MOUSE = r"\x1b\[<\d{1,3};\d{1,6};\d{1,6}[Mm]"
_RELEASED = "3"
_SHIFT, _ALL_MODIFIERS = 2, 256
# The kitty protocol's numbers for keys that are no letters; those that Textual does not know mean nothing.
_NO_LETTERS = range(57_344, 63_744)


class TerminalMessages(OpenParser):
    """Textual's tables of keys and of the mouse, for sequences that are whole.

    Nothing comes of the terminal's focus: a window that is left takes nobody out of a field. Nor of sizes: the system
    tells them (see `TerminalDriver`).
    """

    def of(self, token: Token) -> Iterator[Message]:
        """The messages for one thing that was sent."""
        if token.kind is Kind.TEXT:
            for character in token.text:
                yield from self._keys(character)
        elif token.kind is Kind.ESCAPE:
            yield events.Key("escape", token.text)
        elif token.kind is Kind.ALT:
            yield from self._with_alt(token.text)
        elif token.kind is Kind.PASTE:
            yield events.Paste(token.text.replace("\0", ""))
        elif key := _known_key(token.text):
            yield from self._keys(key)
        elif re.fullmatch(_MOUSE, token.text):
            if mouse := self.parse_mouse_code(token.text):
                yield mouse
        elif re.fullmatch(_HOLDS_PAINTING_BACK, token.text):
            yield TerminalSupportsSynchronizedOutput()

    def _keys(self, sequence: str) -> Iterator[events.Key]:
        for key in self.keys_of(sequence):
            if key.key == "ctrl+shift+minus":  # kitty's way to say what every other terminal calls ctrl+_
                yield events.Key("ctrl+underscore", None)
            elif key.key != Keys.Ignore:
                yield key

    def _with_alt(self, character: str) -> Iterator[events.Key]:
        if isinstance(ANSI_SEQUENCES_KEYS.get(f"\x1b{character}"), tuple):  # alt+f is ctrl+right on some keyboards
            yield from self._keys(f"\x1b{character}")
            return
        for key in self._keys(character):
            name = f"shift+{key.key.lower()}" if len(key.key) == 1 and key.key.isupper() else key.key
            yield events.Key(f"alt+{name}", None)


def _known_key(sequence: str) -> str:
    """The sequence as Textual reads it if it is a key that it knows, else ""."""
    if sequence in ANSI_SEQUENCES_KEYS:
        return sequence
    if other := re.fullmatch(_MODIFY_OTHER_KEYS, sequence):
        modifiers, code = int(other[1]), int(other[2])
        if not _is_character(code):
            return ""
        return chr(code) if modifiers <= _SHIFT and chr(code).isprintable() else f"\x1b[{code};{modifiers}u"
    key = re.fullmatch(_KEY, sequence)
    if key is None or key[3] == _RELEASED:
        return ""
    code, end = int(key[1] or "1"), key[5]
    modifier_text, text = key[2] or "", key[4] or ""
    typed = end == "u" and bool(key[1]) and _is_character(code) and (bool(text) or code not in _NO_LETTERS)
    if f"{code}{end}" not in FUNCTIONAL_KEYS and not typed:
        return ""
    if int(modifier_text or "1") > _ALL_MODIFIERS or not all(
        _is_character(int(part)) for part in text.split(":") if part
    ):
        return ""
    return f"\x1b[{code};{modifier_text};{text}{end}"


def _is_character(code: int) -> bool:
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
