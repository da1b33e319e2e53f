"""Terminals with few colours: what is told by colour elsewhere is told there by bold, reverse and underline too.

A theme for twenty-four bits becomes the nearest of sixteen colours one by one: two that differ become the same, and a
faint one becomes a loud one. Where a terminal has sixteen colours, or NO_COLOR asks for none, the program takes a theme
that is made for them; the styles' `:ansi` rules and `widgets.looks` say the attributes.
"""

import os
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from clientdesk.domain.problems import refuse
from clientdesk.own_settings import settings_path
from clientdesk.text import _

if TYPE_CHECKING:
    from rich.console import Console

SIXTEEN = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_blue",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-foreground": "ansi_default",
        "ansi-background": "ansi_default",
        "surface-active": "ansi_default",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "bold",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-foreground": "ansi_black",
        "input-selection-background": "ansi_cyan",
        "scrollbar": "ansi_cyan",
        "scrollbar-hover": "ansi_cyan",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "screen-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
    },
)
"""The terminal's own sixteen colours, on its own background."""

NAMES = (*BUILTIN_THEMES, SIXTEEN.name)
"""The themes that a person may name in the settings."""


def no_colour_wanted() -> bool:
    """Whether the environment asks for no colour: NO_COLOR is there and not empty (no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def check_theme(wanted: str) -> None:
    """Raises Refused ("settings") for a theme that there is not."""
    if wanted not in NAMES:
        reason = _("there is no theme “{name}”; there are {names}").format(name=wanted, names=", ".join(NAMES))
        raise refuse("settings", path=settings_path(), reason=reason)


def fitting_theme(wanted: str, console: "Console") -> str:
    """The theme for a terminal: the one that is `wanted`, unless the terminal has too few colours for it."""
    if no_colour_wanted():
        return SIXTEEN.name
    few = console.color_system == "standard"
    return SIXTEEN.name if few and not BUILTIN_THEMES.get(wanted, SIXTEEN).ansi else wanted


class PaperReversed(LineFilter):
    """Text on a colour of its own becomes reversed: without any colour it still stands out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line, those on coloured paper reversed."""
        return [
            Segment(text, style + _REVERSED, control)
            if style and style.bgcolor and not style.bgcolor.is_default
            else Segment(text, style, control)
            for text, style, control in segments
        ]


_REVERSED = Style(reverse=True)
