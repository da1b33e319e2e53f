"""What a terminal can show: whether the screens can be drawn at all, and in which characters.

Output leaves the program at one place, standard error as it was at the start. There an encoding that lacks the
characters of the frames gets a stand-in of the same width for each; what it has is sent in it, as the terminal reads it.
"""

import codecs
import os
import sys
from io import TextIOWrapper

from clientdesk.text import _, display_text

FRAMES = "▌●◉○▴▾▸…·›→✓✗─│╭╰━█"
"""What the screens are drawn with beside letters."""
_STAND_INS = {
    **dict.fromkeys("▌▸›→▶⇒", ">"),
    **dict.fromkeys("‹←◀", "<"),
    **dict.fromkeys("▴↑▲", "^"),
    **dict.fromkeys("▾↓▼", "v"),
    **dict.fromkeys("●◉•✱★", "*"),
    **dict.fromkeys("○◌", "o"),
    **dict.fromkeys("─·–—−‐‑╌┄", "-"),
    **dict.fromkeys("│║┃▏▎▕▐▊", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝✓", "+"),
    **dict.fromkeys("━═▬", "="),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("▁▂▃", "_"),
    "…": ".",
    "✗": "x",
}
STAND_INS = "clientdesk-stand-ins"
"""How text is encoded for a terminal (an `errors` of codecs): what the encoding lacks gets its stand-in."""
_USUAL = ("xterm", "screen", "tmux", "linux", "rxvt", "alacritty", "foot", "wezterm", "vt100", "vt220", "konsole", "st")

_NO_SCREENS = ("dumb", "unknown", "emacs")
"""The names of terminals that cannot go to a place begin with these, whether terminfo knows them or not."""


def refusal_of_terminal() -> str | None:
    """Why the screens cannot be drawn in this terminal (TERM), as a sentence; None where they can."""
    name = os.environ.get("TERM", "")
    usable = bool(name) and not name.lower().startswith(_NO_SCREENS)
    if name.split("-")[0] in _USUAL or (usable and _moves_its_cursor(name)):
        return None
    term_in_words = _("TERM is “{name}”").format(name=display_text(name)) if name else _("TERM is not set")
    return _(
        "{what}: the screens cannot be drawn in such a terminal. Set TERM to what yours is (xterm-256color, say), "
        "or use the commands: clientdesk --help"
    ).format(what=term_in_words)


def _moves_its_cursor(name: str) -> bool:
    """Whether a terminal goes to a place by the usual sequence; one that terminfo does not know is trusted."""
    try:
        import curses

        curses.setupterm(name, sys.__stderr__.fileno() if sys.__stderr__ else 2)
        return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")
    except (ImportError, curses.error):
        return True


def terminal_encoding() -> str:
    """The encoding that the terminal reads and sends.

    A locale that this computer does not have (it came over SSH) makes Python take UTF-8; its name still tells what the
    terminal reads. What Python was told by PYTHONIOENCODING or PYTHONUTF8 goes first.
    """
    stream_encoding = codecs.lookup((sys.__stderr__ and sys.__stderr__.encoding) or "utf-8").name
    if os.environ.get("PYTHONIOENCODING") or os.environ.get("PYTHONUTF8"):
        return stream_encoding
    # Where the locale was C, Python has set LC_CTYPE itself.
    names = ("LC_ALL", "LANG") if sys.flags.utf8_mode else ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    _language, dot, codeset = locale.partition("@")[0].partition(".")
    if not dot:
        return stream_encoding
    try:
        usable = "a".encode(codeset) == b"a"  # no terminal reads any other kind
    except LookupError:
        return stream_encoding
    return codecs.lookup(codeset).name if usable else stream_encoding


def lacking(encoding: str) -> bool:
    """Whether an encoding cannot show the frames."""
    try:
        FRAMES.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


def write_in(encoding: str) -> None:
    """From now on the screens are written in `encoding`, with stand-ins for what it lacks."""
    if isinstance(sys.__stderr__, TextIOWrapper):
        sys.__stderr__.reconfigure(encoding=encoding, errors=STAND_INS)


def _stand_ins(error: UnicodeError) -> tuple[str, int]:
    """What is written instead of characters that the encoding lacks: as wide as they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return stand_in(error.object[error.start : error.end]), error.end


codecs.register_error(STAND_INS, _stand_ins)


def stand_in(text: str) -> str:
    """ASCII as wide as `text`: its own sign for each sign of the frames, ? for letters."""
    from rich.cells import cell_len

    parts = []
    letters = ""
    for character in text:
        if character in _STAND_INS or "▀" <= character <= "▟":
            parts += ["?" * cell_len(letters), _STAND_INS.get(character, "#")]
            letters = ""
        else:
            letters += character
    return "".join((*parts, "?" * cell_len(letters)))


def notice(encoding: str) -> str:
    """The line that says that the encoding lacks the frames."""
    name = encoding.upper().replace("ISO8859", "ISO-8859")
    return _("{name} cannot show the frames: ASCII is used, ? for letters. Use UTF-8 if you can.").format(name=name)
