"""`clientdesk tags`: the firm's tags."""

from collections.abc import Sequence

import click

from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.text import _, display_text, ngettext, whole_number

tags = group_that_lists("tags", _("The firm's tags. A tag is made where somebody types it."))


@tags.command("list", help=_("Print the tags."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_tags(as_json: bool) -> None:
    """Prints the tags by name."""
    from clientdesk.desk import tags as desk_tags

    with opened_firm() as session:
        listed = desk_tags.tags_in_use(session)
    if as_json:
        for use in listed:
            say(json_text({"name": use.tag.name, "clients": use.clients}))
    elif listed:
        say_table([_("Tag"), _("Clients")], ([use.tag.name, str(use.clients)] for use in listed))
    else:
        say(_("The firm has no tags yet. One is made where somebody types it for a client."))


@tags.command("rename", help=_("Rename a tag; every client that has it keeps it."))
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Renames a tag."""
    from clientdesk.desk import tags as desk_tags

    with opened_firm(to_write=True) as session:
        tag = desk_tags.tag_by_name(session, name)
        renamed = desk_tags.rename_tag(session, tag, new_name)
    sentence = _("Nothing was changed.") if renamed == tag else _("Saved: {name}")
    say(sentence.format(name=display_text(renamed.name)))


@tags.command(
    "merge",
    help=_(
        "Merge tags into another one, the last that is named: clients that have one of the others have that instead."
    ),
)
@click.argument("names", nargs=-1, required=True, metavar="NAME… INTO")
@click.option("--dry-run", is_flag=True, help=_("Only say how many clients would have another tag."))
def merge(names: Sequence[str], dry_run: bool) -> None:
    """Merges tags; ctrl+c stops it between two batches."""
    from clientdesk.cli.long_work import Signals
    from clientdesk.desk import tags as desk_tags

    if len(names) < 2:
        raise click.UsageError(_("Name the tags that are merged, and behind them the one that stays."))
    signals = Signals()
    with opened_firm(to_write=not dry_run) as session:
        *merged, into = (desk_tags.tag_by_name(session, name) for name in names)
        merged_ids = list(dict.fromkeys(tag.id for tag in merged))
        if dry_run:
            clients, whole = desk_tags.would_merge(session, merged_ids, into), True
        else:
            with signals.watched():
                signals.writing = True
                clients, whole = desk_tags.merge_tags(session, merged_ids, into, stopped=signals.stopped)
    sentence = ngettext("{n} client has {tag} instead.", "{n} clients have {tag} instead.", clients)
    if not clients:
        sentence = _("No client has what is merged into {tag}.")
    elif dry_run:
        sentence = ngettext("{n} client would have {tag} instead.", "{n} clients would have {tag} instead.", clients)
    say(sentence.format(n=whole_number(clients), tag=display_text(into.name)))
    if not whole:
        raise SystemExit(128 + signals.number)


@tags.command("delete", help=_("Delete a tag that no client has."))
@click.argument("name")
def delete(name: str) -> None:
    """Deletes a tag."""
    from clientdesk.desk import tags as desk_tags

    with opened_firm(to_write=True) as session:
        tag = desk_tags.tag_by_name(session, name)
        desk_tags.delete_tag(session, tag.id)
    say(_("Deleted: {name}").format(name=display_text(tag.name)))
