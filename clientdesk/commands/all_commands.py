"""All commands in one: of all screens, in the order in which the help tells them."""

from functools import cache

from clientdesk.commands.bulk_change_commands import BULK_CHANGE_COMMANDS
from clientdesk.commands.client_list_commands import CLIENT_LIST_COMMANDS
from clientdesk.commands.client_page_and_form_commands import CLIENT_PAGE_AND_FORM_COMMANDS
from clientdesk.commands.command import Command
from clientdesk.commands.everywhere_commands import EVERYWHERE_COMMANDS
from clientdesk.commands.history_screen_commands import HISTORY_SCREEN_COMMANDS
from clientdesk.commands.import_and_download_screens_commands import IMPORT_AND_DOWNLOAD_COMMANDS
from clientdesk.commands.missing_screen_commands import MISSING_COMMANDS
from clientdesk.commands.moving_commands import MOVING_COMMANDS
from clientdesk.commands.own_fields_screen_commands import OWN_FIELDS_COMMANDS
from clientdesk.commands.pricing_plan_commands import PLAN_COMMANDS
from clientdesk.commands.review_screen_commands import REVIEW_COMMANDS
from clientdesk.commands.settings_screen_commands import SETTINGS_COMMANDS
from clientdesk.commands.team_screen_commands import TEAM_COMMANDS
from clientdesk.commands.templates_screen_commands import TEMPLATE_COMMANDS
from clientdesk.commands.undo_commands import UNDO_COMMANDS
from clientdesk.commands.view_commands import VIEW_COMMANDS

COMMANDS: tuple[Command, ...] = (
    *CLIENT_LIST_COMMANDS,
    *VIEW_COMMANDS,
    *BULK_CHANGE_COMMANDS,
    *UNDO_COMMANDS,
    *HISTORY_SCREEN_COMMANDS,
    *MOVING_COMMANDS,
    *CLIENT_PAGE_AND_FORM_COMMANDS,
    *REVIEW_COMMANDS,
    *MISSING_COMMANDS,
    *PLAN_COMMANDS,
    *TEAM_COMMANDS,
    *SETTINGS_COMMANDS,
    *OWN_FIELDS_COMMANDS,
    *TEMPLATE_COMMANDS,
    *IMPORT_AND_DOWNLOAD_COMMANDS,
    *EVERYWHERE_COMMANDS,
)

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}


@cache
def commands_of(scope: str) -> tuple[Command, ...]:
    """The commands of a scope, in the order they were declared."""
    return tuple(command for command in COMMANDS if scope in command.scopes)
