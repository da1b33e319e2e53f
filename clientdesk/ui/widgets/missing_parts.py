"""Parts that are not there: a widget is composed a moment after it was mounted, and empty a moment before it is gone."""

from typing import TYPE_CHECKING, Any, TypeVar

from textual.css.query import NoMatches

if TYPE_CHECKING:
    from textual.widget import Widget

    Base = Widget
    Part = TypeVar("Part", bound=Widget)
else:
    Base = object  # a widget's first base is the one whose styles it inherits


class PartsGone(NoMatches):
    """A widget was asked for a part of itself before it was composed, or while it is being taken away.

    Whoever asks comes too early or too late (a timer, a worker, news of the firm): nothing is to be done, and nothing
    is wrong.
    """


def staying(widget: "Widget", kind: "type[Part]") -> "list[Part]":
    """The parts of this kind that stay: one that is being taken away is still found by a query until it is gone, and
    would seem to stand there already."""
    return [part for part in widget.query(kind) if part.display]


class WithParts(Base):
    """A widget that says so when it has no parts, apart from those who ask for a part that it never has."""

    @property
    def has_parts(self) -> bool:
        """Whether its parts are there."""
        screens = self.app.screen_stack if self.app.is_running else ()
        return self.is_mounted and self.is_attached and self.screen in screens

    if not TYPE_CHECKING:  # the types stay Textual's

        def query_one(self, selector: Any, expect_type: Any = None) -> Any:
            """The part, as in Textual. Raises PartsGone while there are none."""
            try:
                return super().query_one(selector, expect_type)
            except NoMatches as error:
                if self.has_parts:
                    raise
                raise PartsGone(*error.args) from None
