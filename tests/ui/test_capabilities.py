"""Odd terminals: which cannot be drawn on, and what an encoding without the frames gets instead."""

import codecs
import sys

import pytest
from rich.cells import cell_len

from clientdesk.ui import capabilities
from tests.terminal import Terminal
from tests.ui.test_start import ends_with, started

FIRST = "8 of 9 clients"


@pytest.mark.parametrize(("name", "what"), [("dumb", "TERM is “dumb”"), ("unknown", "TERM is “unknown”"), ("", "TERM")])
def test_a_terminal_that_cannot_be_drawn_on_is_refused_in_a_sentence(firm: str, name: str, what: str) -> None:
    with started(firm, TERM=name) as terminal:
        assert ends_with(terminal, "the screens cannot be drawn in such a terminal")
        assert what in "".join(terminal.lines())


@pytest.mark.parametrize("name", ["dumb-emacs-ansi", "emacs", "Dumb", "unknown-too"])
def test_so_is_one_that_begins_with_such_a_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TERM", name)
    assert f"TERM is “{name}”" in (capabilities.refusal_of_terminal() or "")


@pytest.mark.parametrize(
    "name", ["xterm", "xterm-256color", "linux", "screen", "tmux-256color", "vt100", "no-such-one"]
)
def test_other_terminals_are_drawn_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TERM", name)
    assert capabilities.refusal_of_terminal() is None


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"LC_ALL": "en_US.ISO-8859-1"}, "iso8859-1"),
        ({"LC_ALL": "es_ES.ISO-8859-15@euro", "LANG": "C.UTF-8"}, "iso8859-15"),
        ({"LANG": "pl_PL.ISO8859-2"}, "iso8859-2"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "pl_PL.ISO8859-2"}, "utf-8"),
        ({"LC_ALL": "", "LANG": "xx_YY.no-such-encoding"}, None),
        ({"LANG": "C"}, None),
        ({"LANG": "en_US.hex"}, None),
        ({"LANG": "en_US.UTF-16"}, None),
        ({"LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "1"}, None),
    ],
)
def test_the_locale_says_what_the_terminal_reads_even_where_this_computer_does_not_have_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], encoding: str | None
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert sys.__stderr__ is not None
    assert capabilities.terminal_encoding() == (encoding or codecs.lookup(sys.__stderr__.encoding).name)


@pytest.mark.parametrize(
    "text", [capabilities.FRAMES, "山田商店", "ễẽ", "e\u0301", "“x”", "▌● C-1 … ›", "👩\u200d💻", "█▇▄", "�␛"]
)
def test_a_stand_in_is_ascii_and_as_wide(text: str) -> None:

    written = text.encode("ascii", capabilities.STAND_INS).decode("ascii")
    assert cell_len(written) == cell_len(text)


def test_frames_have_signs_of_their_own_and_letters_a_question_mark() -> None:
    assert capabilities.stand_in("▌●○▴▾…›✓✗─│╭→") == ">*o^v.>+x-|+>"
    assert capabilities.stand_in("Łž") == "??"
    assert capabilities.lacking("iso8859-1")
    assert capabilities.lacking("ascii")
    assert not capabilities.lacking("utf-8")


class Latin(Terminal):
    """A terminal that reads ISO-8859-1 (pyte decodes nothing by itself then)."""

    def _read(self, seconds: float) -> bool:
        came = super()._read(seconds)
        self._waiting = [(at, data.decode("latin-1").encode()) for at, data in self._waiting]
        self._decode_once()
        return came

    def _decode_once(self) -> None:
        for _at, data in self._waiting:
            self._stream.feed(data)
        self._waiting.clear()


@pytest.mark.thorough("terminals")
def test_a_latin_1_locale_says_so_in_one_line_and_is_drawn_in_ascii(firm: str) -> None:
    sentence = "ISO-8859-1 cannot show the frames:"
    start = "import sys; from clientdesk.ui.start import run_app; sys.exit(run_app(sys.argv[1], 'ana'))"
    environment = {"LC_ALL": "en_US.ISO-8859-1", "LANG": "en_US.ISO-8859-1", "PYTHONIOENCODING": "", "PYTHONUTF8": ""}
    with Latin([sys.executable, "-c", start, firm], 80, 24, environment) as terminal:
        terminal.wait(lambda lines: any(sentence in line for line in lines))  # before the screen is taken
        terminal.wait(lambda lines: any(FIRST in line for line in lines))
        terminal.wait(lambda lines: any(sentence in line for line in lines[5:]))  # and on it
        lines = terminal.lines()
    text = "\n".join(lines)
    assert "Ríos y Asociados" in text  # sent as ISO-8859-1
    assert "Construcciones Peña SA" in text
    assert "Type All v" in text
    assert any(line.startswith("> ") for line in lines)  # the cursor
    assert "????" in text  # 山田商店 is eight cells wide
    assert not set(text) & set("▌●▴▾…›│")
