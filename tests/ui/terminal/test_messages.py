"""What was sent, as messages: the keys that Textual knows, the mouse; nothing of anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from clientdesk.ui.terminal.splitter import SILENCE, Splitter
from clientdesk.ui.terminal.token_events import TerminalMessages
from tests.ui.terminal.replies import REPLIES

ESCAPE_DELAY = 0.05


def messages_of(*data: bytes, silence: float = SILENCE) -> list[Message]:
    """The messages for bytes that come in so many pieces, and for the silence behind them."""
    splitter, messages = Splitter(ESCAPE_DELAY), TerminalMessages()
    tokens = [token for piece in data for token in splitter.feed(piece)] + splitter.silence(silence)
    return [message for token in tokens for message in messages.of(token)]


def keys_of(*data: bytes) -> list[tuple[str, str | None]]:
    """The keys, each with its character; anything else that came fails."""
    keys = []
    for message in messages_of(*data):
        assert isinstance(message, events.Key), message
        keys.append((message.key, message.character))
    return keys


def test_a_reply_is_no_key() -> None:
    for name, reply in REPLIES.items():
        for cut in (len(reply), *range(2, len(reply))):
            answers = messages_of(reply[:cut], reply[cut:])
            assert not [answer for answer in answers if isinstance(answer, events.Event)], (name, cut)
        keys = keys_of(b"/" + reply.replace(b"2026", b"2027").replace(b"2048", b"2027") + b"j")
        assert keys == [("slash", "/"), ("j", "j")], name


def test_every_key_that_textual_knows_is_known_however_it_is_cut() -> None:
    sequences = [sequence for sequence, keys in ANSI_SEQUENCES_KEYS.items() if isinstance(keys, tuple)]
    sequences.remove("\x9b")  # to us the introducer of 8-bit sequences
    assert len(sequences) > 250
    for sequence in sequences:
        data = sequence.encode()
        keys = keys_of(data)
        assert keys, sequence
        for cut in range(1, len(data)):
            assert keys_of(data[:cut], data[cut:]) == keys, (sequence, cut)


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"\x1b[A", [("up", None)]),
        (b"\x1bOP", [("f1", None)]),
        (b"\x1b[15~", [("f5", None)]),
        (b"\x1b[Z", [("shift+tab", None)]),
        (b"\x1b[1;5A", [("ctrl+up", None)]),
        (b"\x1b[97u", [("a", "a")]),
        (b"\x1b[97;;97u", [("a", "a")]),
        (b"\x1b[97;2;65u", [("A", "A")]),
        (b"\x1b[97:65;2;65u", [("A", "A")]),
        (b"\x1b[97;1:1;97u", [("a", "a")]),
        (b"\x1b[97;1:3u", []),
        (b"\x1b[122;5u", [("ctrl+z", None)]),
        (b"\x1b[45;6u", [("ctrl+underscore", None)]),
        (b"\x1f", [("ctrl+underscore", "\x1f")]),
        (b"\x1b[13u", [("enter", "\r")]),
        (b"\x1b[27u", [("escape", None)]),
        (b"\x1b[127u", [("backspace", "\x7f")]),
        (b"\x1b[P", [("f1", None)]),
        (b"\x1b[1;2P", [("shift+f1", None)]),
        (b"\x1b[112;4u", [("alt+shift+p", None)]),
        (b"\x1b[0;;229u", [("å", "å")]),
        (b"\x1b[27;5;105~", [("ctrl+i", None)]),
        (b"\x1b[27;2;65~", [("A", "A")]),
        (b"\x1b[57444u", [("left_super", None)]),
        (b"\x1b[57500u", []),
        (b"\x1b[1;999A", []),
        (b"\x1b[97;;55296u", []),
        (b"\x1b[0;;72:105u", [("H", "H"), ("i", "i")]),
        (b"\x1b[3$", [("shift+delete", None)]),
        (b"\x1b[[A", [("f1", None)]),
        (b"\x1b", [("escape", "\x1b")]),
        (b"\x1b\x1b[A", [("escape", "\x1b"), ("up", None)]),
        (b"\x1ba", [("alt+a", None)]),
        (b"\x1bA", [("alt+shift+a", None)]),
        (b"\x1b/", [("alt+slash", None)]),
        (b"\x1b1", [("alt+1", None)]),
        (b"\x1b\r", [("alt+enter", None)]),
        ("\x1bñ".encode(), [("alt+ñ", None)]),
        (b"\x1b\x7f", [("ctrl+w", None)]),
        (b"Pe\xf1a", [("P", "P"), ("e", "e"), ("replacement_character", "\ufffd"), ("a", "a")]),
    ],
)
def test_keys(sent: bytes, keys: list[tuple[str, str | None]]) -> None:
    assert keys_of(sent) == keys


def test_a_number_without_an_end_is_no_key() -> None:
    nines = b"9" * 5_000
    for sent in (
        b"\x1b[" + nines + b"u",
        b"\x1b[97;" + nines + b"u",
        b"\x1b[97;;" + nines + b"u",
        b"\x1b[<" + nines + b"M",
    ):
        assert keys_of(sent + b"j") == [("j", "j")]


@pytest.mark.parametrize("sent", [b"\x1bP", b"\x1b]", b"\x1b_", b"\x1b^", b"\x1bX", b"\x1b[", b"\x1bO"])
def test_introducers_are_no_keys_with_alt(sent: bytes) -> None:
    assert keys_of(sent) == []


def test_a_paste_is_one_message() -> None:
    (paste,) = messages_of(b"\x1b[200~Pe\xf1a\x1b[A\0\r", b"j\x1b[201", b"~")
    assert isinstance(paste, events.Paste)
    assert paste.text == "Pe\ufffda\x1b[A\rj"


def test_the_mouse() -> None:
    down, up = messages_of(b"\x1b[<0;12;5M\x1b[<0;12;5m")
    assert isinstance(down, events.MouseDown)
    assert isinstance(up, events.MouseUp)
    assert (down.x, down.y, down.button) == (11, 4, 1)


def test_what_textual_has_asked_for() -> None:
    assert [type(message) for message in messages_of(b"\x1b[?2026;2$y")] == [TerminalSupportsSynchronizedOutput]
    assert messages_of(b"\x1b[?2026;0$y") == []
    # A size is what the system says: whoever believed such a reply would wait for reports that never come.
    assert messages_of(b"\x1b[?2048;2$y\x1b[48;30;100;600;1000t") == []


NUMBERS = st.lists(st.sampled_from(["", "0", "1", "27", "97", "255", "65536", "1114112", "9" * 5_000]), max_size=5)


@given(st.sampled_from(["", "<", "?", ">"]), NUMBERS, st.sampled_from([";", ":"]), st.sampled_from("uABHRMmt~cy$"))
def test_no_sequence_makes_it_fail(private: str, numbers: list[str], between: str, end: str) -> None:
    messages_of(f"\x1b[{private}{between.join(numbers)}{end}".encode())


@given(st.binary(max_size=40))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    messages_of(data)
    messages_of(b"\x1b[" + data)
