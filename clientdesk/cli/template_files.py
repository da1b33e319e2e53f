"""`clientdesk templates export`, `import` and `apply`: templates as files, and what follows from one."""

from typing import Any

import click

from clientdesk.cli.frame import PATH, DeskCommand, opened_firm
from clientdesk.cli.printing import json_text, say, say_table, tell_problems
from clientdesk.cli.template_words import DRY_RUN, JSON_ONE, YES, goes_on, say_template, tell_of_clients
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, ngettext, whole_number


@click.command(
    "export", cls=DeskCommand, help=_("Write a template as a file (TOML), or print it: “import” takes it in elsewhere.")
)
@click.argument("name")
@click.argument("file", type=PATH, required=False)
@click.option("--overwrite", is_flag=True, help=_("Replace a file that is there."))
def export_template(name: str, file: str | None, overwrite: bool) -> None:
    """Writes one template."""
    from clientdesk.desk import template_files, work_templates
    from clientdesk.exchange.file_writing import check_place, write_file

    with opened_firm() as session:
        template = work_templates.template_by_name(session, name)
        text = template_files.file_of(session, template)
        if file is not None:
            check_place(file, overwrite, session.location)
    if file is None:
        say(text.rstrip("\n"))
        return
    write_file(file, overwrite, lambda written: _write(written, text))
    say(_("Written: {path}").format(path=display_text(file)))


def _write(file: Any, text: str) -> None:
    file.write(text.encode())


@click.command(
    "import",
    cls=DeskCommand,
    help=_(
        "Take a template from a file (TOML; - is standard input): a new one, or the one of its name, which becomes what the file says. What the file "
        "does not have is retired, and nothing that was done is lost."
    ),
)
@click.argument("file", type=PATH)
@DRY_RUN
@YES
@JSON_ONE
def import_template(file: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Takes one template in, and says first what that changes."""
    from clientdesk.desk import template_files, work_templates
    from clientdesk.domain.work_templates import template_called

    said = template_files.read_file(file)
    with opened_firm(to_write=not dry_run) as session:
        wanted = template_files.template_of(session, said, file)
        present = template_called(work_templates.templates(session), wanted.name)
        if present is not None:
            if not goes_on(template_files.effect(session, present, wanted), dry_run, yes, as_json):
                return
        elif dry_run:
            text = _("{name} is added, with {count} items.").format(
                name=display_text(wanted.name), count=whole_number(len(wanted.items))
            )
            say(json_text({"changes": [text], "clients_touched": 0}) if as_json else text)
            return
        try:
            taken = template_files.import_template(session, present, wanted)
        except Refused as refusal:
            raise template_files.at_its_line(said, file, refusal) from refusal
        tell_of_clients(session, taken)
        say_template(session, _("Added: {name}") if present is None else _("Saved: {name}"), taken, as_json)


@click.command(
    "apply",
    cls=DeskCommand,
    help=_("Say to which clients a template applies, from when, and when their work is due first."),
)
@click.argument("name")
@click.option(
    "--dry-run", is_flag=True, required=True, help=_("Nothing is written: work follows from the template by itself.")
)
@click.option(
    "--limit", type=click.IntRange(0, 1_000), default=5, show_default=True, help=_("So many clients at most.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as one object."))
def apply_template(name: str, dry_run: bool, limit: int, as_json: bool) -> None:
    """Says what follows from a template."""
    from clientdesk.desk import work_templates

    assert dry_run
    with opened_firm() as session:
        template = work_templates.template_by_name(session, name)
        found = work_templates.applies_to(session, template, limit)
    if as_json:
        first = [
            {"client": work.name, "period": work.period.key, "due": "" if work.due is None else work.due.isoformat()}
            for work in found.first
        ]
        say(json_text({"template": template.name, "clients": found.clients, "of": found.of, "first": first}))
        return
    sentence = ngettext(
        "{name} applies to {count} of {of} active client.",
        "{name} applies to {count} of {of} active clients.",
        found.of,
    )
    counts = {"count": whole_number(found.clients), "of": whole_number(found.of)}
    say(sentence.format(name=display_text(template.name), **counts))
    tell_problems(found.problems)
    if found.first:
        rows = [
            [work.name, work.period.words, "" if work.due is None else work.due.isoformat()] for work in found.first
        ]
        say_table([_("Client"), _("From"), _("Due first")], rows)
