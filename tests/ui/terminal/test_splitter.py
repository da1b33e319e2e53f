"""What a terminal sends, however it is cut and whatever it is: text, keys and pastes come out, replies do not."""

from collections.abc import Iterable
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.ui.terminal.splitter import (
    LONGEST,
    PASTE_PIECE,
    PASTE_SILENCE,
    SILENCE,
    Kind,
    Splitter,
    Token,
)
from tests.ui.terminal.replies import REPLIES

ESCAPE_DELAY = 0.05
PAUSE = 1.0
"""The longest pause that may be inside."""
KEY_BEHIND = Token(Kind.TEXT, "j")

STRINGS = {"OSC": b"\x1b]", "DCS": b"\x1bP", "APC": b"\x1b_", "PM": b"\x1b^", "SOS": b"\x1bX"}


def joined(tokens: Iterable[Token]) -> list[Token]:
    """The same tokens with neighbouring text in one piece."""
    pieces: list[Token] = []
    for kind, group in groupby(tokens, lambda token: token.kind):
        same = list(group)
        pieces += [Token(kind, "".join(token.text for token in same))] if kind is Kind.TEXT else same
    return pieces


def split(*parts: bytes | float, encoding: str = "utf-8") -> list[Token]:
    """What comes out of bytes and of seconds of silence between them."""
    splitter = Splitter(ESCAPE_DELAY, encoding)
    tokens: list[Token] = []
    for part in parts:
        tokens += splitter.feed(part) if isinstance(part, bytes) else splitter.silence(part)
    return joined(tokens)


def but_sequences(tokens: Iterable[Token]) -> list[Token]:
    """Without the sequences, which another part judges."""
    return [token for token in tokens if token.kind is not Kind.SEQUENCE]


def test_a_reply_is_no_text_however_it_is_cut() -> None:
    for name, reply in REPLIES.items():
        assert but_sequences(split(reply + b"j")) == [KEY_BEHIND], name
        assert but_sequences(split(b"j" + reply, PAUSE)) == [KEY_BEHIND], name
        for cut in range(2, len(reply)):
            for pause in (0.0, 0.3, PAUSE):
                tokens = split(reply[:cut], pause, reply[cut:] + b"j")
                assert but_sequences(tokens) == [KEY_BEHIND], (name, cut, pause)
        drop_by_drop = [part for byte in reply[2:] for part in (PAUSE, bytes([byte]))]
        assert but_sequences(split(reply[:2], *drop_by_drop, b"j")) == [KEY_BEHIND], name


@pytest.mark.parametrize("introducer", STRINGS.values(), ids=STRINGS)
@pytest.mark.parametrize(
    "end", [b"\x1b\\", b"\x07", b"\x18", b"\x1a", b"\xc2\x9c"], ids=["ST", "BEL", "CAN", "SUB", "C1"]
)
def test_a_string_ends(introducer: bytes, end: bytes) -> None:
    assert split(introducer + b"jx\xf1?" + end + b"j") == [KEY_BEHIND]
    assert split(introducer + b"jx\xf1?", PAUSE, end[:1], PAUSE, end[1:] + b"j") == [KEY_BEHIND]


@pytest.mark.parametrize("introducer", STRINGS.values(), ids=STRINGS)
def test_a_string_without_an_end_is_given_up(introducer: bytes) -> None:
    assert split(introducer + b"x" * LONGEST + b"j") == [KEY_BEHIND]
    assert split(introducer + b"x", SILENCE, b"j") == [KEY_BEHIND]
    assert split(introducer, SILENCE, b"j") == [KEY_BEHIND]
    assert split(introducer + b"x" * (LONGEST - 1), b"?") == []


def test_an_esc_inside_a_string_does_not_end_it() -> None:
    assert split(b"\x1bPtmux;\x1b[A\x1b\x1b\\j") == [KEY_BEHIND]


def test_a_letter_whose_utf8_has_the_end_inside_does_not_end_a_string() -> None:
    assert split("\x1b]lÜber qx?\x1b\\j".encode()) == [KEY_BEHIND]


def test_a_sequence_that_is_cut_off_is_given_up() -> None:
    for beginning in (b"\x1b[", b"\x1b[?61;4", b"\x1bO", b"\x1b[M", b"\x1b[M\xf1", b"\x1b[["):
        assert split(beginning, SILENCE, b"j") == [KEY_BEHIND], beginning


def test_a_sequence_is_broken_off_as_terminals_do() -> None:
    up = Token(Kind.SEQUENCE, "\x1b[A")
    assert split(b"\x1b[?61;\x1b[Aj") == [up, KEY_BEHIND]
    assert split(b"\x1b[?61;\x18j") == split(b"\x1b[?61;\x1aj") == [KEY_BEHIND]
    assert split(b"\x1b[1\r;2A") == [Token(Kind.TEXT, "\r"), Token(Kind.SEQUENCE, "\x1b[1;2A")]
    assert split("\x1b[1é".encode()) == [Token(Kind.TEXT, "é")]
    for beginning in (b"\x1b[", b"\x1bO"):
        assert split(beginning + b"1" * (LONGEST - len(beginning)) + b"j") == [KEY_BEHIND]


def test_esc_alone_is_the_key_after_its_delay() -> None:
    escape = Token(Kind.ESCAPE, "\x1b")
    assert split(b"\x1b", ESCAPE_DELAY) == [escape]
    assert split(b"\x1b", ESCAPE_DELAY, b"j") == [escape, KEY_BEHIND]
    assert split(b"\x1b", 0.01, b"[A") == [Token(Kind.SEQUENCE, "\x1b[A")]
    assert split(b"\x1b\x1b", ESCAPE_DELAY) == [escape, escape]
    assert split(b"\x1b" + REPLIES["OSC 11"] + b"j") == [escape, KEY_BEHIND]
    assert split(b"\x1b" + REPLIES["8-bit OSC"] + b"j") == [escape, KEY_BEHIND]


@pytest.mark.parametrize("letter", ["a", "ñ", "/", "1", "山", "N", "\r"])
def test_esc_and_a_letter_together_are_alt(letter: str) -> None:
    assert split(f"\x1b{letter}j".encode()) == [Token(Kind.ALT, letter), KEY_BEHIND]


@pytest.mark.parametrize(
    "bad", [b"\xf1", b"\xff", b"\x9d", b"\x9b", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf5\x80"]
)
def test_what_is_not_utf8_becomes_the_sign_for_it(bad: bytes) -> None:
    for tokens in (split(b"Pe" + bad + b"a"), split(b"Pe" + bad, SILENCE, b"a")):
        text = "".join(token.text for token in tokens)
        assert text.startswith("Pe\ufffd")
        assert text.endswith("\ufffda")


def test_other_bytes_are_the_letters_of_the_locale() -> None:
    assert split("Peña Â".encode("latin-1"), encoding="iso8859-1") == [Token(Kind.TEXT, "Peña Â")]


def test_text_is_whole_however_it_is_cut() -> None:
    text = "Íñigo 山田 👩‍👧"
    assert split(*(part for byte in text.encode() for part in (bytes([byte]), PAUSE))) == [Token(Kind.TEXT, text)]


PASTED = "jx\x1b[A ?\x1b\x1b[20\x1b]11;q\r\n山田\x1b[200~"


def test_a_paste_is_whole_however_it_is_cut() -> None:
    begin, text = b"\x1b[200~", PASTED.encode()
    data = begin + text + b"\x1b[201~j"
    for cut in range(2, len(data)):
        pause = PAUSE if cut < len(begin) else PASTE_SILENCE - 0.1
        assert split(data[:cut], pause, data[cut:]) == [Token(Kind.PASTE, PASTED), KEY_BEHIND], cut


def test_a_paste_may_be_long() -> None:
    text = b"x\xf1" * 2_000_000
    splitter = Splitter(ESCAPE_DELAY)
    tokens = splitter.feed(b"\x1b[200~")
    for place in range(0, len(text), 65_536):
        tokens += splitter.feed(text[place : place + 65_536])
    tokens += splitter.feed(b"\x1b[201~j")
    *pieces, key = tokens
    assert key == KEY_BEHIND
    assert {piece.kind for piece in pieces} == {Kind.PASTE}
    assert max(len(piece.text) for piece in pieces) < PASTE_PIECE + 65_536
    assert "".join(piece.text for piece in pieces) == "x\ufffd" * 2_000_000


def test_a_long_paste_is_not_cut_inside_a_letter_nor_inside_its_end() -> None:
    for more in range(8):
        text = "ñ" * (PASTE_PIECE // 2) + "x" * more
        data = b"\x1b[200~" + text.encode() + b"\x1b[201~j"
        *pieces, key = split(data[: PASTE_PIECE + 8], data[PASTE_PIECE + 8 :])
        assert ("".join(piece.text for piece in pieces), key) == (text, KEY_BEHIND), more


def test_a_paste_whose_end_never_comes_ends_by_itself() -> None:
    half = Token(Kind.PASTE, "half paste")
    assert split(b"\x1b[200~half paste", PASTE_SILENCE, b"j") == [half, KEY_BEHIND]
    assert split(b"\x1b[200~half paste\x1b[20", PASTE_SILENCE, b"j") == [
        half._replace(text="half paste\x1b[20"),
        KEY_BEHIND,
    ]
    assert split(b"\x1b[200~", PASTE_SILENCE, b"j") == [KEY_BEHIND]


PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"\x1b", b"[", b"]", b"P", b"\\", b"M", b"\xc2", b"\x9c", b"\x9d", b"\x07", b"\x18", b"\x1b[200~",
            b"\x1b[201~", b"\x1b[<0;1;1M", b"?", b"$", *REPLIES.values(),
        ]
    ),
)  # fmt: skip
BYTES = st.lists(PIECES, max_size=12).map(b"".join)


@given(BYTES, st.lists(st.integers(0, 200), max_size=8))
def test_where_it_is_cut_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [data[start:end] for start, end in pairwise(places)]
    assert split(*parts, SILENCE) == split(data, SILENCE)


@given(BYTES)
def test_after_a_silence_a_key_is_a_key(data: bytes) -> None:
    splitter = Splitter(ESCAPE_DELAY)
    splitter.feed(data)
    splitter.silence(SILENCE)
    splitter.feed(b"\x1b[201~")  # a paste may still be open
    assert splitter.patience is None
    assert splitter.feed(b"j") == [KEY_BEHIND]


@given(BYTES)
def test_nothing_waits_longer_than_it_says(data: bytes) -> None:
    splitter = Splitter(ESCAPE_DELAY)
    splitter.feed(data)
    patience = splitter.patience
    if patience is not None:
        assert splitter.silence(patience / 2) == []
        splitter.silence(patience)
        assert splitter.patience is None
