"""What every command stands in: lazily imported groups, the --firm option, the open firm."""

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clientdesk import ending_signals
from clientdesk.cli.exit_codes import expect_json
from clientdesk.cli.firm_location import located
from clientdesk.text import _, display_text, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.session import Session

    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType  # older versions of click have no type there

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(readable=False)
"""A file that is named: whether it can be read is found out, and said, where it is opened."""


class _Location(click.Path):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As it is typed: the shell may complete it as a path, but nothing looks whether there is such a file."""
        return value


LOCATION = _Location()
"""Where a firm is: a file's path or a server's URL. `located` makes of it what can be opened."""

LOOK_FOR = 10.0
"""So many seconds a command looks for its write where the server went away while it was being saved."""


def _keep_firm(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value == "":
        raise click.UsageError(_("--firm names no firm."))
    if value is not None:
        context.find_root().meta["firm"] = value


def firm_option() -> click.Option:
    """`--firm LOCATION`: read from every command, whichever place on the line it stands in."""
    return click.Option(
        ["--firm"],
        type=LOCATION,
        metavar="LOCATION",
        expose_value=False,
        callback=_keep_firm,
        help=_(
            "The firm: a file's path, or postgresql://host/database on a server; "
            "else CLIENTDESK_FIRM, the settings file, or firm.db in your data folder."
        ),
    )


class Text(_TextType):
    """Text as it is typed. Bytes that are no UTF-8 are wrong usage: they could not be found or kept."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` if it is whole text."""
        text = str(value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.fail(_("“{text}” is not text in UTF-8.").format(text=display_text(text)), param, ctx)
        return text


class WholeNumber(click.IntRange):
    """A whole number between bounds, both of which belong to it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """`value` if it is one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            least, most = (None if bound is None else whole_number(int(bound)) for bound in (self.min, self.max))
            sentence = (
                _("“{value}” is no whole number from {least} on.")
                if most is None
                else _("“{value}” is no whole number from {least} to {most}.")
            )
            self.fail(sentence.format(value=display_text(str(value)), least=least, most=most), param, ctx)


class DeskCommand(click.Command):
    """A command that works on a firm: it takes --firm too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in self.params:
            if parameter.type is click.STRING:
                parameter.type = Text()
            elif isinstance(parameter.type, click.IntRange):
                parameter.type = WholeNumber(parameter.type.min, parameter.type.max)
        self.params.append(firm_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads what was typed. An option with one value that is given several is wrong usage: all but the last would
        be passed over without a word."""
        _values, _rest, typed = self.make_parser(ctx).parse_args(list(args))
        with_value = [
            option for option in typed if isinstance(option, click.Option) and not (option.is_flag or option.multiple)
        ]
        for option in with_value:
            if with_value.count(option) > 1:
                raise click.UsageError(_("{option} can be given once.").format(option=option.opts[-1]), ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what it is refused is told with the options that it has, and as JSON where that is wanted."""
        from clientdesk.cli.cures import OFFERED

        expect_json(bool(ctx.params.get("as_json")))
        OFFERED.set(frozenset(name for parameter in self.params for name in parameter.opts))
        return super().invoke(ctx)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for; `lazy` maps names to "module:attribute"."""

    command_class = DeskCommand

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy or {})
        self.params.append(firm_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were declared."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now if it was not before."""
        target = self.lazy.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, attribute = target.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


LazyGroup.group_class = LazyGroup


def group_that_lists(name: str, help_text: str, first: str = "list", kind: type[LazyGroup] = LazyGroup) -> LazyGroup:
    """A group of some kind that runs its command `first` where no command is named."""

    def run(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            command = group.get_command(context, first)
            assert command is not None
            context.invoke(command)

    group = kind(name, invoke_without_command=True, callback=click.pass_context(run), help=help_text)
    return group


@contextmanager
def opened_firm(
    to_write: bool = False, location: str | None = None, untold: Collection[str] = ()
) -> Iterator["Session"]:
    """The firm that was asked for, or the one at `location`, open; closed at the end.

    Refused at once where it is opened `to_write`, and can only be read; what one should know of it is told first, but
    for the problems with the codes `untold`, which the command itself tells.
    """
    from clientdesk.desk import opened_firms
    from clientdesk.desk.opening import open_firm

    ending_signals.demand_none()
    session = open_firm(located(asked_firm()) if location is None else location)
    session.patience = LOOK_FOR
    try:
        if to_write:
            session.demand_writable()
        tell_opened(session, untold)
        opened_firms.remember(session.location)
        yield session
    finally:
        session.close()


def tell_opened(session: "Session", untold: Collection[str] = ()) -> None:
    """Tells what one should know of a firm that was opened, but for the problems with the codes `untold`."""
    from clientdesk.cli.printing import tell_problems

    tell_problems(notice for notice in session.notices if notice.code not in untold)


def with_options(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Gives a command options and arguments, which its help lists in this order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def asked_firm() -> str | None:
    """The location given with --firm, None if there is none."""
    firm: str | None = click.get_current_context().find_root().meta.get("firm")
    return firm
