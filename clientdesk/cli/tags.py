"""`clientdesk tags`: the firm's tags."""

import click

from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.text import _, display_text

tags = group_that_lists("tags", _("The firm's tags. A tag is made where somebody types it."))


@tags.command("list", help=_("Print the tags."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_tags(as_json: bool) -> None:
    """Prints the tags by name."""
    from clientdesk.desk import tags as desk_tags

    with opened_firm() as session:
        listed = desk_tags.tags(session)
    if as_json:
        for tag in listed:
            say(json_text({"name": tag.name}))
    elif listed:
        say_table([_("Tag")], ([tag.name] for tag in listed))
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


@tags.command("delete", help=_("Delete a tag that no client has."))
@click.argument("name")
def delete(name: str) -> None:
    """Deletes a tag."""
    from clientdesk.desk import tags as desk_tags

    with opened_firm(to_write=True) as session:
        tag = desk_tags.tag_by_name(session, name)
        desk_tags.delete_tag(session, tag.id)
    say(_("Deleted: {name}").format(name=display_text(tag.name)))
