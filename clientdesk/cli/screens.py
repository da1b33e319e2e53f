"""The screens, opened from the command line: the one thing there that needs no command."""

from collections.abc import Sequence


def open_screens(location: str) -> int:
    """Opens the screens on the firm at `location`; the exit code."""
    from clientdesk.ui.start import run_app

    return run_app(location)


def firm_alone(arguments: Sequence[str]) -> str | None:
    """The firm that was typed and nothing else, "" where nothing was; None where there is more to be read."""
    match arguments:
        case []:
            return ""
        case ["--firm", firm] if not firm.startswith("-"):
            return firm or None
        case [option] if option.startswith("--firm="):
            return option.removeprefix("--firm=") or None
    return None
