"""Colours for widgets that draw their own lines, by the names of the theme's variables.

Component classes would do the same, but each of them is styled anew for each widget whenever it is
mounted: a tenth of the time to the first painted list.
"""

from rich.style import Style
from textual.color import Color
from textual.widget import Widget


def _colour(variable: str, variables: dict[str, str], background: Color) -> Color:
    """The colour of a theme's variable ("text-muted"), or of a part of it over the background ("primary 40%")."""
    name, *part = variable.split()
    words = variables[name].split() + part
    alpha = 1.0
    for word in words[1:]:
        alpha *= float(word.rstrip("%")) / 100
    if words[0] == "auto":
        return background + background.get_contrast_text(alpha)
    colour = Color.parse(words[0])
    return background + colour.with_alpha(colour.a * alpha)


class Painted(Widget):
    """A widget that draws its lines in the theme's colours."""

    _looks: dict[tuple[str, str, bool], Style]
    _looks_for: tuple[str, Color] | None = None

    def look(self, ink: str = "", paper: str = "", bold: bool = False) -> Style:
        """The style of text in the theme's colour `ink` on `paper` ("" for the widget's own)."""
        background = self.background_colors[1]
        basis = (self.app.theme, background)
        if self._looks_for != basis:
            self._looks_for, self._looks = basis, {}
        key = (ink, paper, bold)
        style = self._looks.get(key)
        if style is None:
            variables = self.app.theme_variables
            if paper:
                background = _colour(paper, variables, background)
            front = _colour(ink, variables, background) if ink else background + self.styles.color
            style = Style(color=front.rich_color, bgcolor=background.rich_color, bold=bold or None)
            self._looks[key] = style
        return style
