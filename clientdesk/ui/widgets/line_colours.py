"""Colours for widgets that draw their own lines, by the names of the theme's variables.

Component classes would do the same, but each of them is styled anew for each widget whenever it is
mounted: a tenth of the time to the first painted list.
"""

from collections.abc import Sequence

from rich.style import Style
from textual.color import Color
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

FOCUSED, RESTING = "primary 40%", "primary 20%"
"""The paper of what the cursor is on, where the keys go and where they do not."""
ERROR, WARNING = "bold $text-error", "$text-warning"
"""The styles of a sentence that says what is wrong, and of one that only warns (for `Content`)."""
_BOLD_INK = frozenset(["text-error", "text-accent", "accent"])
"""The inks that are bold where there are few colours: without any colour they still stand out."""


def _colour(variable: str, variables: dict[str, str], background: Color) -> tuple[Color, bool]:
    """The colour of a theme's variable ("text-muted"), or of a part of it over the background ("primary 40%");
    and whether it is one of the terminal's own colours that should be faint, which cannot be mixed."""
    name, *part = variable.split()
    words = variables[name].split() + part
    alpha = 1.0
    for word in words[1:]:
        alpha *= float(word.rstrip("%")) / 100
    if words[0] == "auto":
        return background + background.get_contrast_text(alpha), False
    colour = Color.parse(words[0])
    if colour.ansi is not None:
        return colour, alpha < 1
    return background + colour.with_alpha(colour.a * alpha), False


class Painted(Widget):
    """A widget that draws its lines in the theme's colours."""

    _looks: dict[tuple[str, str, bool], Style]
    _looks_for: tuple[str, Color, Color, Style] | None = None
    """The ground that `_looks` were made for."""
    _ground: tuple[str, Color, Color, Style] | None = None
    """The theme, and the widget's own paper, ink and style, while its lines are drawn."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw; the widget's own colours are looked up once for all lines."""
        self._ground = None
        return super().render_lines(crop)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What the lines go through: no search for the terminal's own colours, of which a theme's have none."""
        return [
            line_filter for line_filter in super().get_line_filters() if not isinstance(line_filter, ANSIToTruecolor)
        ]

    def look(self, ink: str = "", paper: str = "", bold: bool = False) -> Style:
        """The style of text in the theme's colour `ink` on `paper` ("" for the widget's own).

        In the terminal's own colours, which cannot be mixed, `FOCUSED` paper is the reverse of the widget's.
        """
        if self._ground is None:
            _under, _base, *ground = self.colors
            self._ground = (self.app.theme, ground[0], ground[1], self.styles.text_style)
            if self._looks_for != self._ground:
                self._looks_for, self._looks = self._ground, {}
        _theme, background, front, own = self._ground
        key = (ink, paper, bold)
        style = self._looks.get(key)
        if style is None:
            variables, faint = self.app.theme_variables, False
            few = self.app.native_ansi_color
            reverse = few and (paper == FOCUSED or bool(own.reverse))
            if paper and not few:
                background, _faint = _colour(paper, variables, background)
            if ink and not reverse:  # reversed, a colour would be a paper of its own
                front, faint = _colour(ink, variables, background)
            style = own + Style(
                color=front.rich_color,
                bgcolor=background.rich_color,
                bold=bold or (few and ink in _BOLD_INK) or None,
                dim=faint or None,
                reverse=reverse or None,
            )
            self._looks[key] = style
        return style
