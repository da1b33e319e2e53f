"""Importing: `import` and its subcommands."""

from typing import Any, Literal

import click

from clientdesk.cli.frame import PATH, DeskCommand, LazyGroup, group_that_lists, opened_firm, with_options
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.domain.encodings_and_delimiters import ENCODINGS
from clientdesk.domain.mappings import DATES, KEYS
from clientdesk.text import _, display_text

_FILE = "FILE"
_ONLY_CLIENTS = ("mapping", "map_file", "key", "types", "leads", "duplicates", "dates")

_reading_options = with_options(
    click.argument("file", type=PATH),
    click.option("--dry-run", is_flag=True, help=_("Only show what would be done; nothing is written.")),
    click.option(
        "--errors",
        type=PATH,
        metavar="OUT.csv",
        help=_("Write the refused rows with their reasons there, to be corrected and imported again."),
    ),
    click.option("--overwrite", is_flag=True, help=_("Replace OUT.csv if it is there already.")),
    click.option("--encoding", type=click.Choice(list(ENCODINGS)), help=_("By default as the bytes say.")),
    click.option("--delimiter", metavar="CHARACTER", help=_("A character, or comma, semicolon, tab.")),
    click.option("--sheet", metavar="NAME", help=_("The sheet of a workbook; by default the first with anything.")),
    click.option(
        "--heading-row",
        type=click.IntRange(min=1),
        metavar="N",
        help=_("The line of the headings; by default the first, or beneath a title where they are plain."),
    ),
    click.option(
        "--all",
        "show_all",
        is_flag=True,
        help=_("Show every change, every warning and every refused row, not only 20."),
    ),
    click.option("--json", "as_json", is_flag=True, help=_("Print one object with the counts and refused rows.")),
)
"""The file and what every import takes: the arguments of `importing.Wanted` by the same names."""
_numbers_options = click.option(
    "--batch", is_flag=True, help=_("Take a file over QuickBooks' limit (1,000 rows, 100 KB), cut into batches.")
)
_clients_options = with_options(
    click.option("--map", "mapping", metavar="NAME", help=_("A saved mapping of the columns, or a program's.")),
    click.option("--map-file", type=PATH, metavar="F", help=_("A mapping in a JSON file.")),
    click.option(
        "--key",
        type=click.Choice((*KEYS, "none")),
        help=_("Update clients that are found by this; none: add only. By default the Company ID if it is there."),
    ),
    click.option(
        "--types",
        type=click.Choice(["create", "empty", "refuse"]),
        default="refuse",
        show_default=True,
        help=_("What becomes of client types that the firm does not have."),
    ),
    click.option(
        "--leads",
        type=click.Choice(["empty", "refuse"]),
        default="refuse",
        show_default=True,
        help=_("What becomes of lead accountants who are not in the team."),
    ),
    click.option(
        "--duplicates",
        type=click.Choice(["skip", "add"]),
        default=None,
        help=_("New clients that resemble another one: by default they are skipped, and named."),
    ),
    click.option(
        "--dates",
        type=click.Choice(DATES),
        default=None,
        help=_("What comes first in a date such as 5/6, the day or the month; by default such rows are refused."),
    ),
)


class _ImportGroup(LazyGroup):
    """`import`: where no subcommand is named, the first word is a file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the subcommand first, wherever among the options it stands; `-- FILE` is always a file."""
        place = self._first_word(ctx, args)
        if place < len(args) and args[place] in self.list_commands(ctx) and "--" not in args[:place]:
            args = [args[place], *args[:place], *args[place + 1 :]]
        elif args and not set(args[:place]) & set(self.get_help_option_names(ctx)):
            args = [_FILE, *args]
        return super().parse_args(ctx, args)

    def _first_word(self, ctx: click.Context, args: list[str]) -> int:
        """The place of the first word that is no option nor an option's value."""
        with_value = {
            name
            for parameter in (*self.commands[_FILE].params, *self.params)
            if isinstance(parameter, click.Option) and not parameter.is_flag
            for name in parameter.opts
        }
        place = 0
        while place < len(args) and args[place].startswith("-") and args[place] != "-":
            if args[place] == "--":
                return place + 1
            place += 2 if args[place] in with_value else 1
        return min(place, len(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The subcommands that have a name."""
        return [name for name in self.commands if name != _FILE]


class _FileCommand(DeskCommand):
    """The import of a file whose kind is guessed: it has no name of its own in the usage."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the usage as it is typed."""
        assert ctx.parent is not None
        formatter.write_usage(ctx.parent.command_path, " ".join(self.collect_usage_pieces(ctx)))


import_list = _ImportGroup(
    "import",
    help=_(
        "Bring a list in: CSV, XLSX or ODS. “import FILE” finds out by itself whether FILE is an upload of client "
        "numbers or a client list, and takes the options of both; a FILE that is called like a command is written "
        "after --. Exit codes: 0 every row is in, 1 rows are refused, some or all, and the others are in, 2 the "
        "file is refused as a whole, or the command, and nothing was changed, 3 the rows are in, but the output or the error log could not be written, 4 the last rows are perhaps "
        "in (the server went away; the number of the change is printed)."
    ),
    subcommand_metavar="FILE | COMMAND [ARGS]...",
)


@import_list.command(
    "numbers",
    help=_(
        "Give clients their client numbers. The headings are Company ID, Display name, Client number (or in Spanish). "
        "A row that is refused stops no other."
    ),
)
@_reading_options
@_numbers_options
@click.pass_context
def import_numbers(context: click.Context, /, **options: Any) -> None:
    """Imports an upload of client numbers."""
    _import(context, "numbers", options)


@import_list.command(
    "clients",
    help=_(
        "Add the clients of a list, and update those that are there already. Which column is which field is guessed "
        "from the headings and the first rows, and said. A blank cell changes nothing. A row that is refused stops "
        "no other."
    ),
)
@_reading_options
@_clients_options
@click.pass_context
def import_clients(context: click.Context, /, **options: Any) -> None:
    """Imports a client list."""
    _import(context, "clients", options)


@import_list.command(_FILE, cls=_FileCommand, hidden=True, help=_("Bring a list in, of the kind that it is."))
@_reading_options
@_numbers_options
@_clients_options
@click.pass_context
def import_file(context: click.Context, /, **options: Any) -> None:
    """Imports either kind of list: the one that its headings and first rows tell."""
    from click.core import ParameterSource

    is_chosen = any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in _ONLY_CLIENTS)
    _import(context, "clients" if is_chosen else None, options)


def _import(context: click.Context, kind: Literal["numbers", "clients"] | None, options: dict[str, Any]) -> None:
    from clientdesk.cli.importing import Wanted, run_import
    from clientdesk.desk.imports.import_records import ImportKind

    if options["file"] == "" or options["errors"] == "":
        raise click.UsageError(_("FILE and OUT.csv need a name."))
    if options.get("mapping") is not None and options.get("map_file") is not None:
        raise click.UsageError(_("Choose one of --map and --map-file."))
    context.exit(run_import(Wanted(kind=None if kind is None else ImportKind(kind), **options)))


# --- saved mappings


mappings = group_that_lists("mappings", _("The saved mappings of client lists' columns."))
import_list.add_command(mappings)


@mappings.command("list", help=_("Print the saved mappings, and the programs whose lists are known."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_mappings(as_json: bool) -> None:
    """Prints what --map takes."""
    from clientdesk.desk import imports
    from clientdesk.domain.columns.presets import PRESETS

    with opened_firm() as session:
        saved = imports.mappings(session)
    if as_json:
        for mapping in saved:
            say(json_text({"name": mapping.name, "kind": "saved" if mapping.content is not None else "unreadable"}))
        for preset in PRESETS:
            say(json_text({"name": preset.name, "kind": "program"}))
        return
    unreadable = _("saved; cannot be read, can be deleted")
    rows = [[mapping.name, _("saved") if mapping.content is not None else unreadable] for mapping in saved] + [
        [preset.name, preset.title] for preset in PRESETS
    ]
    say_table([_("Name"), _("What")], rows)


@mappings.command("show", help=_("Print a saved mapping, or a program's, as JSON, as “save” takes it."))
@click.argument("name")
def show_mapping(name: str) -> None:
    """Prints a mapping: a program's has the headings as they are compared, without blanks and accents."""
    from clientdesk.desk.imports.saved_mappings import named
    from clientdesk.domain.columns.presets import Preset

    with opened_firm() as session:
        mapping = named(session, name)
    say(json_text({"columns": dict(mapping.columns)} if isinstance(mapping, Preset) else mapping.columns))


@mappings.command("save", help=_("Keep a mapping under a name. It is the firm's: all who import can use it."))
@click.argument("name")
@click.option("--map-file", "map_file", type=PATH, metavar="F", required=True, help=_("The mapping, as JSON."))
def save_mapping(name: str, map_file: str) -> None:
    """Saves a mapping."""
    from clientdesk.cli.importing import read_mapping
    from clientdesk.desk import imports

    content = read_mapping(map_file)
    with opened_firm(to_write=True) as session:
        imports.save_mapping(session, name, content)
    say(_("Saved: {name}").format(name=display_text(name)))


@mappings.command("delete", help=_("Forget a saved mapping."))
@click.argument("name")
def delete_mapping(name: str) -> None:
    """Forgets a mapping."""
    from clientdesk.desk import imports

    with opened_firm(to_write=True) as session:
        imports.delete_mapping(session, name)
    say(_("Removed: {name}").format(name=display_text(name)))
