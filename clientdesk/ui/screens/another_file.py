"""What the screens do when the firm's file is not the one any more that was opened: they offer to save a copy."""

import os
from typing import TYPE_CHECKING, Any

from clientdesk.text import _, display_text
from clientdesk.ui.screens.base import Commanding, DeskScreen

if TYPE_CHECKING:
    from clientdesk.domain.problems import FirmUnusable


async def offer_copy(screen: Commanding[Any], error: "FirmUnusable") -> None:
    """Say what is wrong with the file, and save a copy if that is wanted; what was typed stays where it is."""
    from clientdesk.ui.screens.dialogs import Confirm

    question = _("This is not saved")
    if await screen.app.push_screen_wait(Confirm(question, error.message, yes=_("Save a copy as…"), no=_("Back"))):
        await save_copy(screen)


async def may_leave(screen: Commanding[Any]) -> bool:
    """Whether the program may end. Where the firm's file is another one or gone, what is open is all that is left of it."""
    from clientdesk.ui.screens.dialogs import Confirm

    error = screen.gateway.another_file
    if error is None:
        return True
    question = _("Leave without a copy of the firm?")
    leave = Confirm(question, error.message, yes=_("Leave"), no=_("Stay"), danger=True)
    left: bool = await screen.app.push_screen_wait(leave)
    return left


async def save_copy(screen: Commanding[Any]) -> None:
    """Ask for a path and copy the open firm there. Where its own file is another one, go on in the copy."""
    from clientdesk.desk import save_copy
    from clientdesk.ui.screens.ask_path import ask_path

    gateway = screen.gateway

    async def save(path: str, _over: bool) -> None:
        await gateway.call(save_copy.save_copy, path)

    path = await ask_path(screen, _("Save a copy as"), _proposed(gateway.session.location), save)
    if path is None:
        return
    if gateway.another_file is None:
        screen.tell(_("A copy of the firm is in {path}.").format(path=display_text(path)))
        return
    await gateway.call(save_copy.go_on_in, path)
    gateway.another_file = None
    sentence = _("You work in {path} from now on; what you typed can be saved there.")
    screen.tell(sentence.format(path=display_text(path)))
    for open_screen in screen.app.screen_stack:
        if isinstance(open_screen, DeskScreen):
            open_screen.write_away()
        if isinstance(open_screen, Commanding):
            open_screen.firm_changed()


def _proposed(location: str) -> str:
    """A name beside the firm's file; in your own folder where that folder is gone. It begins with the file's, so that
    the folder can still be shared with a group."""
    folder, name = os.path.split(os.path.abspath(location))
    return os.path.join(folder if os.path.isdir(folder) else os.path.expanduser("~"), f"{name}.copy")
