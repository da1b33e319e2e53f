"""The firm's settings and its client types on the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk import config
from clientdesk.cli.field_values import SETTING_WORDS, FieldCommand, assignments
from clientdesk.cli.frame import LazyGroup, group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.domain.fields import Kind
from clientdesk.domain.firm_settings import BY_NAME, SETTINGS, Setting
from clientdesk.domain.fold import same_name
from clientdesk.domain.own_settings import OWN_SETTINGS, VARIABLES
from clientdesk.domain.problems import refuse
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.records import ClientType
    from clientdesk.desk.session import Session


class _SettingsGroup(LazyGroup):
    """Its help tells of a person's own settings, too, which stand in a file and not in the firm."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes them, and what is read of the environment, beneath the commands."""
        with formatter.section(_("Your own, in {path}").format(path=display_text(config.settings_path()))):
            formatter.write_dl([(setting.name, _(setting.meaning)) for setting in OWN_SETTINGS])
        with formatter.section(_("Environment")):
            formatter.write_dl([(name, _(meaning)) for name, meaning in VARIABLES.items()])
        super().format_epilog(ctx, formatter)


settings = group_that_lists("settings", _("The firm's settings and client types."), "show", _SettingsGroup)


@settings.command("show", help=_("Print the firm's settings."))
@click.option("--json", "as_json", is_flag=True, help=_("One object."))
def show(as_json: bool) -> None:
    """Prints the settings."""
    from clientdesk.desk import firm_settings

    with opened_firm() as session:
        info = firm_settings.info(session)
    values = [(setting, info.settings[setting.name]) for setting in SETTINGS]
    if as_json:
        record = {setting.name: setting.plain(value) for setting, value in values}
        say(json_text({**record, "primary_admin": info.primary_admin}))
        return
    lines = {setting.name: setting.written(value) or setting.display(value) for setting, value in values}
    lines["primary_admin"] = info.primary_admin
    width = max(map(len, lines)) + 2
    for name, line in lines.items():
        say(f"{name:<{width}}{display_text(line)}")


def _described(setting: Setting) -> str:
    """A setting as the help shows it: what may stand there, and what it means."""
    allowed = {Kind.NUMBER: _("a whole number; empty or 0 for none"), Kind.SWITCH: "yes | no"}.get(setting.kind)
    words = (f"({allowed})" if allowed else "", _(setting.meaning) if setting.meaning else "")
    return " ".join((f"{_(setting.title)}:" if any(words) else _(setting.title), *filter(None, words)))


class _SettingCommand(FieldCommand):
    """A command whose help lists the settings."""

    heading = N_("Settings")

    def described(self) -> list[tuple[str, str]]:
        """Each by its name, and what may stand there."""
        return [(setting.name, _described(setting)) for setting in SETTINGS]


@settings.command("set", cls=_SettingCommand, help=_("Change settings of the firm."))
@click.argument("values", nargs=-1, required=True, metavar="SETTING=VALUE…")
def set_values(values: Sequence[str]) -> None:
    """Changes the settings that are named."""
    from clientdesk.desk import firm_settings

    changes = assignments(values, BY_NAME, SETTING_WORDS)
    with opened_firm(to_write=True) as session:
        before = firm_settings.info(session)
        after = firm_settings.save(session, before, changes)
    say(_("Saved.") if after.version != before.version else _("Nothing was changed."))


types = group_that_lists("types", _("The firm's list of client types."))
settings.add_command(types)


@types.command("list", help=_("Print the client types."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_types(as_json: bool) -> None:
    """Prints the types and how many clients are of each."""
    from clientdesk.desk import clients

    with opened_firm() as session:
        types = clients.client_types(session)
    if as_json:
        for client_type in types:
            say(json_text({"name": client_type.name, "clients": client_type.clients}))
    else:
        say_table(
            [_("Client type"), _("Clients")], [[client_type.name, str(client_type.clients)] for client_type in types]
        )


def _find(session: "Session", name: str) -> "ClientType":
    from clientdesk.desk import clients

    types = clients.client_types(session)
    for client_type in types:
        if same_name(client_type.name) == same_name(name):
            return client_type
    raise refuse("unknown_client_type", value=name, choices=", ".join(client_type.name for client_type in types))


@types.command("add", help=_("Add a client type."))
@click.argument("name")
def add_type(name: str) -> None:
    """Adds a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        added = client_types.add_type(session, name)
    say(_("Added: {name}").format(name=display_text(added.name)))


@types.command("rename", help=_("Rename a client type; its clients keep it."))
@click.argument("name")
@click.argument("new_name")
def rename_type(name: str, new_name: str) -> None:
    """Renames a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        client_type = _find(session, name)
        saved = client_types.rename_type(session, client_type, new_name)
    changed = _("Saved: {name}") if saved.version != client_type.version else _("Nothing was changed.")
    say(changed.format(name=display_text(saved.name)))


@types.command("remove", help=_("Remove a client type that no client is of."))
@click.argument("name")
def remove_type(name: str) -> None:
    """Removes a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        client_type = _find(session, name)
        client_types.remove_type(session, client_type.id)
    say(_("Removed: {name}").format(name=display_text(client_type.name)))
