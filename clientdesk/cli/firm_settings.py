"""`clientdesk settings`: the firm's settings, and a person's own in its help."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.client_types import types
from clientdesk.cli.field_values import SETTING_WORDS, FieldCommand, named_values
from clientdesk.cli.frame import LazyGroup, group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say
from clientdesk.domain.fields import Kind
from clientdesk.domain.firm_settings import BY_NAME, SETTINGS, Setting
from clientdesk.own_settings import OWN_SETTINGS, VARIABLES, settings_path
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    pass


class _SettingsGroup(LazyGroup):
    """Its help tells of a person's own settings, too, which stand in a file and not in the firm."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes them, and what is read of the environment, beneath the commands."""
        with formatter.section(_("Your own, in {path}").format(path=display_text(settings_path()))):
            formatter.write_dl([(setting.name, _(setting.meaning)) for setting in OWN_SETTINGS])
        with formatter.section(_("Environment")):
            formatter.write_dl([(name, _(meaning)) for name, meaning in VARIABLES.items()])
        super().format_epilog(ctx, formatter)


settings_command = group_that_lists("settings", _("The firm's settings and client types."), "show", _SettingsGroup)


@settings_command.command("show", help=_("Print the firm's settings."))
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


@settings_command.command("set", cls=_SettingCommand, help=_("Change settings of the firm."))
@click.argument("values", nargs=-1, required=True, metavar="SETTING=VALUE…")
def set_values(values: Sequence[str]) -> None:
    """Changes the settings that are named."""
    from clientdesk.desk import firm_settings

    changes = named_values(values, BY_NAME, SETTING_WORDS)
    with opened_firm(to_write=True) as session:
        before = firm_settings.info(session)
        after = firm_settings.save(session, before, changes)
    say(_("Saved.") if after.version != before.version else _("Nothing was changed."))


settings_command.add_command(types)
