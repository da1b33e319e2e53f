"""What a command is."""

from clientdesk.domain.access import Action
from clientdesk.named_tuple import NamedTuple


class Command(NamedTuple):
    """One command.

    `id` is stable: people give it other keys in their settings file. `keys` are Textual's names, with
    commas between them. `scopes` says on which screens it works ("list", "page", ...; "global" is
    everywhere but in dialogs). `action` is what the access table is asked for (None: everyone may), `in_work` what is enough
    where the firm has templates of work in use (None: `action` alone counts).
    `footer` is the priority in the footer: 9 stays longest, 0 never shows. `at_once` is for "global" commands that work
    in dialogs and while something is typed, too, and do not wait for the keys before them. While a command that `saves`
    what its screen shows is under way, the screen is neither changed nor left. `cli` is what does the same on the command
    line: the words behind `clientdesk`, with the options that make it the same, several with | between them; "" for what is
    of the screens alone.
    """

    id: str
    keys: str
    title: str
    help: str
    scopes: tuple[str, ...]
    action: Action | None = None
    footer: int = 0
    at_once: bool = False
    saves: bool = False
    cli: str = ""
    in_work: Action | None = None

    @property
    def method(self) -> str:
        """The name of the screen's method that does it."""
        return "command_" + self.id.replace(".", "_").replace("-", "_")

    @property
    def command_lines(self) -> tuple[str, ...]:
        """What does the same on the command line, as it is typed."""
        return tuple(f"clientdesk {words.strip()}" for words in self.cli.split("|") if words.strip())
