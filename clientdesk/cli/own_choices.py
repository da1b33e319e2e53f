"""`clientdesk fields choices`: the choices of a field of the firm's own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import LazyGroup, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.domain.own_fields import OwnField

choices = LazyGroup("choices", help=_("The choices of a field of the firm's own."))
_FIELD = click.argument("field_name", metavar="FIELD")


def _say_choices(field: "OwnField") -> None:
    standing = ", ".join(display_text(choice.name) for choice in field.standing_choices)
    say(_("{field}: {choices}").format(field=display_text(field.name), choices=standing or _("no choices")))


@choices.command("list", help=_("Print the choices of a field, the retired ones last."))
@_FIELD
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_choices(field_name: str, as_json: bool) -> None:
    """Prints them."""
    from clientdesk.desk import own_fields

    with opened_firm() as session:
        field = own_fields.field_by_name(session, field_name)
    if as_json:
        for choice in field.choices:
            say(json_text({"name": choice.name, "retired": choice.retired}))
    else:
        status = {True: _("Retired"), False: _("Active")}
        say_table([_("Choice"), _("Status")], ([choice.name, status[choice.retired]] for choice in field.choices))


@choices.command("add", help=_("Add choices to a field."))
@_FIELD
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def add(field_name: str, names: Sequence[str]) -> None:
    """Adds them at the end."""
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, field_name)
        _say_choices(own_fields.add_choices(session, field.id, names))


@choices.command("rename", help=_("Rename a choice; the clients that have it keep it."))
@_FIELD
@click.argument("name")
@click.argument("new_name")
def rename(field_name: str, name: str, new_name: str) -> None:
    """Renames a choice."""
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, field_name)
        choice = own_fields.choice_by_name(field, name)
        _say_choices(own_fields.rename_choice(session, field.id, choice, new_name))


@choices.command("order", help=_("Put choices first, in the order in which they are named."))
@_FIELD
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--before", metavar="NAME", help=_("Put them before this one instead of first."))
@click.option("--last", is_flag=True, help=_("Put them behind all others."))
def order(field_name: str, names: Sequence[str], before: str | None, last: bool) -> None:
    """Puts choices first, before another one, or last."""
    from clientdesk.desk import own_fields

    if last and before is not None:
        raise click.UsageError(_("Choose one of --before and --last."))
    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, field_name)
        moved = list(dict.fromkeys(own_fields.choice_by_name(field, name).id for name in names))
        at = next((choice.id for choice in field.choices if choice.id not in moved), None)
        if last or before is not None:
            at = None if before is None else own_fields.choice_by_name(field, before).id
        _say_choices(own_fields.place_choices(session, field.id, moved, at))


@choices.command("retire", help=_("Retire a choice: nobody takes it any more, and the clients that have it keep it."))
@_FIELD
@click.argument("name")
def retire(field_name: str, name: str) -> None:
    """Retires a choice."""
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, field_name)
        _say_choices(own_fields.retire_choice(session, field.id, own_fields.choice_by_name(field, name).id))


@choices.command("restore", help=_("Bring a retired choice back."))
@_FIELD
@click.argument("name")
def restore(field_name: str, name: str) -> None:
    """Brings a choice back."""
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, field_name)
        _say_choices(own_fields.restore_choice(session, field.id, own_fields.choice_by_name(field, name).id))
