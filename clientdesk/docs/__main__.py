"""`python -m clientdesk.docs`: writes the manual's pages of reference into `docs/`; with --check, says which are stale."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from clientdesk.docs import man_page, pages

FILES: Mapping[str, Callable[[], str]] = {
    "keys.md": pages.keys,
    "commands.md": pages.commands,
    "fields.md": pages.fields,
    "messages.md": pages.messages,
    "settings.md": pages.settings,
    "clientdesk.1": man_page.man,
}


def stale(folder: Path) -> dict[str, str]:
    """The files of `folder` that do not say what the program says now, with what they shall say."""
    written = {name: make() for name, make in FILES.items()}
    return {
        name: text
        for name, text in written.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    }


@click.command(help="Write the pages of reference from the program's declarations.")
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where a page is stale.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(__file__).parents[2] / "docs",
    help="Where they stand; by default the checkout's docs.",
)
def main(check: bool, folder: Path) -> None:
    """Writes or compares them."""
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder}. Run it in a checkout, or name one with --folder.")
    wanted = stale(folder)
    if check:
        if wanted:
            sys.exit(f"Stale: {', '.join(wanted)}. Write them anew: python -m clientdesk.docs")
        return
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{name} is written")


if __name__ == "__main__":
    main(prog_name="python -m clientdesk.docs")
