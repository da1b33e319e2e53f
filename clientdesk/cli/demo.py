"""`clientdesk demo`: a firm with made-up clients, to look at or to keep."""

import os

import click

from clientdesk import folders, saved, server_passwords, temporary
from clientdesk.cli.firm_location import located
from clientdesk.cli.frame import LOCATION, WholeNumber, asked_firm
from clientdesk.cli.printing import say
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.problems import refuse
from clientdesk.text import _, display_text, ngettext

CLIENTS = 240
MOST = 1_000_000


@click.command("demo", help=_("Open a throwaway firm of made-up clients. With --keep, write one instead."))
@click.option("--clients", type=WholeNumber(0, MOST), default=CLIENTS, show_default=True, help=_("How many clients."))
@click.option(
    "--keep",
    type=LOCATION,
    metavar="PATH",
    help=_("Write the firm to PATH, which must not exist, and do not open it."),
)
@click.pass_context
def demo(context: click.Context, clients: int, keep: str | None) -> None:
    """Opens the demo, or writes it."""
    if asked_firm() is not None:
        raise click.UsageError(_("The demo is a firm of its own: leave --firm out, or name a new file with --keep."))
    if keep is None:
        context.exit(_open_throwaway(clients))
    keep = located(keep)
    if server_passwords.is_url(keep):
        raise refuse("demo_in_file", location=keep)
    path = os.path.abspath(keep)
    if os.path.lexists(path):
        raise refuse("firm_exists", path=path)
    if not folders.folder_is_ready(path):
        raise refuse("folder_missing", path=os.path.dirname(path))
    _write(path, clients)
    sentence = ngettext("{n} client written to {path}", "{n} clients written to {path}", clients)
    say(sentence.format(n=clients, path=display_text(path)))


def _open_throwaway(clients: int) -> int:
    from clientdesk.cli.screens import open_screens

    with temporary.folder() as folder:
        path = os.path.join(folder, "demo.db")
        _write(path, clients)
        return open_screens(path)


def _write(path: str, clients: int) -> None:
    """Writes the firm, with a progress bar on a terminal; whatever stops it, no half firm is left."""
    from clientdesk.desk.demo import write_demo

    # Written beside and linked: at PATH there is the whole firm, or nothing.
    try:
        folders.make_own_folder(path)
        with saved.apart(), temporary.folder(os.path.dirname(path)) as folder:
            part = os.path.join(folder, "demo.db")
            with progress_bar(_("Making clients")) as progress:
                write_demo(part, clients, progress, reviews=True)
            temporary.give_name(part, path)
        saved.anything = True
    except FileExistsError as error:
        raise refuse("firm_exists", path=path) from error
    except OSError as error:
        from clientdesk.exchange.file_writing import not_written

        raise not_written(error, path) from error
