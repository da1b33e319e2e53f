"""Which commands of work a footer offers."""

from collections.abc import Iterable

from clientdesk.domain.catalogue import Catalogue
from clientdesk.ui.commands import Command


def with_work(commands: Iterable[Command], catalogue: Catalogue) -> Iterable[Command]:
    """The commands, without those of the clients' work where the firm has no template of it in use."""
    return (command for command in commands if catalogue.templates or not command.id.startswith("work."))
