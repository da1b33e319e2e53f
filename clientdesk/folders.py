"""The folders of the program: the user's, for its settings, logs, data and state, and that of its styles."""

import os
import sys
from functools import cache

APP = "clientdesk"


def user_folder(kind: str) -> str:
    """The user's folder for the program's files of this kind: "config", "data", "log" or "state"."""
    if sys.platform == "linux" and os.path.isabs(home := os.path.expanduser("~")):
        return _of_linux(kind, home)
    import platformdirs  # to import it takes a tenth of a short command

    return str(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))


_XDG = {"config": ".config", "data": ".local/share", "state": ".local/state"}
"""The folders of the XDG Base Directory Specification, where no variable names another one."""


def _of_linux(kind: str, home: str) -> str:
    if kind == "log":
        return os.path.join(_of_linux("state", home), "log")
    named = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
    return os.path.join(named if os.path.isabs(named) else os.path.join(home, _XDG[kind]), APP)


def folder_is_ready(path: str) -> bool:
    """Whether the folder is there in which a firm's file stands, or shall stand; the program's own counts as if it were,
    since `make_own_folder` makes it. Any other one its owner makes."""
    folder = os.path.dirname(os.path.abspath(path))
    return os.path.isdir(folder) or _is_own(folder)


def make_own_folder(path: str) -> None:
    """Makes the folder (mode 0700) where clientdesk keeps a firm that nobody gave another place, if `path` is in there.

    Raises OSError.
    """
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder) and _is_own(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)


def _is_own(folder: str) -> bool:
    return folder == os.path.abspath(user_folder("data"))


def state_folder() -> str:
    """The folder for what the program remembers by itself: CLIENTDESK_STATE, else the user's folder for that."""
    return os.environ.get("CLIENTDESK_STATE") or user_folder("state")


def heads_path() -> str:
    """The file that remembers where you saw the history of each firm end: heads.json in the folder for state."""
    return os.path.join(state_folder(), "heads.json")


def opened_path() -> str:
    """The file that remembers which firms you have opened: opened.json in the folder for state."""
    return os.path.join(state_folder(), "opened.json")


def recent_path() -> str:
    """The file that remembers what you used last: recent.json in the folder for state."""
    return os.path.join(state_folder(), "recent.json")


@cache
def styles_folder() -> str:
    """The folder of the .tcss files: inside the installed package, or at the top of a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.path.join(package, "styles"), os.path.join(os.path.dirname(package), "styles")):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("the folder styles is missing: install clientdesk again")
