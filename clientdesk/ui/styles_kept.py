"""The styles of the program's screens, as they were read."""

from textual.css.stylesheet import Stylesheet


class KeptStyles(Stylesheet):
    """Reads each file once; another theme reads all of them anew.

    Textual reads everything again whenever a screen brings a file of its own: a hesitation at the first opening of each.
    """

    def reparse(self) -> None:
        """Read what has not been read with these colours."""
        self.parse()
