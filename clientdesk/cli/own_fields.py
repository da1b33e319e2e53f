"""`clientdesk fields`: the fields of the firm's own."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from clientdesk.cli.field_values import PairWords, named_values
from clientdesk.cli.frame import group_that_lists, opened_firm, with_options
from clientdesk.cli.own_choices import choices
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.domain.own_fields import NARROWEST, PROPERTIES, SECTIONS, WIDEST, OwnKind, internal_name, read_property
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.domain.own_fields import OwnField

PROPERTY_WORDS = PairWords("PROPERTY=VALUE", "unknown_property", N_("{name} is there twice."))
_JSON_ONE = click.option("--json", "as_json", is_flag=True, help=_("Print the field as one object."))
_PLACE = with_options(
    click.option("--before", metavar="NAME", help=_("Put them before this one instead of first.")),
    click.option("--last", is_flag=True, help=_("Put them behind all others.")),
)


class _Kind(click.Choice[str]):
    """The kind of a field; yes-no and yes/no are yes_no."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """`value` if it is one."""
        return super().convert(str(value).strip().replace("-", "_").replace("/", "_"), param, ctx)


def _record(field: "OwnField") -> dict[str, object]:
    return {
        "field": internal_name(field.id),
        "name": field.name,
        "kind": field.kind.value,
        "section": field.section,
        "width": field.width,
        "required": field.required,
        "unique": field.unique,
        "retired": field.retired,
        "choices": [{"name": choice.name, "retired": choice.retired} for choice in field.choices],
    }


def _say_field(sentence: str, field: "OwnField", as_json: bool) -> None:
    say(json_text(_record(field)) if as_json else sentence.format(name=display_text(field.name)))


fields = group_that_lists("fields", _("The fields of the firm's own."))


@fields.command("list", help=_("Print the fields of the firm's own, in their order."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_fields(as_json: bool) -> None:
    """Prints every field, the retired ones last."""
    from clientdesk.desk import own_fields

    with opened_firm() as session:
        listed = own_fields.own_fields(session)
    if as_json:
        for field in listed:
            say(json_text(_record(field)))
    elif listed:
        say_table(
            [_("Name"), _("Kind"), _("Section"), _("Width"), _("Required"), _("Unique"), _("Status"), _("Choices")],
            map(_cells, listed),
        )
    else:
        say(_("The firm has no fields of its own. “clientdesk fields add NAME” adds one."))


def _cells(field: "OwnField") -> list[str]:
    return [
        field.name,
        _(field.kind.label),
        _(SECTIONS[field.section]),
        str(field.width),
        _("yes") if field.required else _("no"),
        _("yes") if field.unique else _("no"),
        _("Retired") if field.retired else _("Active"),
        ", ".join(choice.name for choice in field.standing_choices),
    ]


@fields.command("add", help=_("Add a field."))
@click.argument("name")
@click.option("--kind", type=_Kind([kind.value for kind in OwnKind]), default="text", show_default=True)
@click.option(
    "--section",
    type=click.Choice(list(SECTIONS), case_sensitive=False),
    default="main",
    show_default=True,
    help=_("Where the form shows it."),
)
@click.option(
    "--width",
    type=click.IntRange(NARROWEST, WIDEST),
    help=_("The width of its column, in cells; else by the kind and the name."),
)
@click.option("--required", is_flag=True, help=_("A client who is added needs a value there, and nobody empties it."))
@click.option("--unique", is_flag=True, help=_("No two clients have the same value there."))
@click.option("--choice", "choice_names", multiple=True, metavar="NAME", help=_("A choice; may be repeated."))
@_JSON_ONE
def add(
    name: str,
    kind: str,
    section: str,
    width: int | None,
    required: bool,
    unique: bool,
    choice_names: Sequence[str],
    as_json: bool,
) -> None:
    """Adds a field at the end."""
    from clientdesk.desk import own_fields

    about = {"section": section, "width": width, "required": required, "unique": unique, "choices": choice_names}
    with opened_firm(to_write=True) as session:
        added = own_fields.add_field(session, name, OwnKind(kind), **about)  # type: ignore[arg-type]  # by their names
    _say_field(_("Added: {name}"), added, as_json)


@fields.command("rename", help=_("Rename a field; clients keep their values, and lists their columns."))
@click.argument("name")
@click.argument("new_name")
@_JSON_ONE
def rename(name: str, new_name: str, as_json: bool) -> None:
    """Renames a field."""
    _save(name, {"name": new_name}, as_json)


@fields.command("set", help=_("Change a field. Properties: name, section, width, required, unique (yes or no)."))
@click.argument("name")
@click.argument("values", nargs=-1, required=True, metavar="PROPERTY=VALUE…")
@_JSON_ONE
def set_values(name: str, values: Sequence[str], as_json: bool) -> None:
    """Changes what is named of a field."""
    asks_kind = any(pair.partition("=")[0].strip().lower() == "kind" for pair in values)  # which is told of the field
    _save(name, named_values(values, (*PROPERTIES, "kind") if asks_kind else PROPERTIES, PROPERTY_WORDS), as_json)


def _save(name: str, written: dict[str, str], as_json: bool) -> None:
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, name)
        changes = {which: read_property(which, text) for which, text in written.items()}  # the use case refuses others
        saved = own_fields.save_field(session, field, changes)
    _say_field(_("Saved: {name}") if saved.written else _("Nothing was changed."), saved.field, as_json)


@fields.command("order", help=_("Put fields first, in the order in which they are named."))
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@_PLACE
def order(names: Sequence[str], before: str | None, last: bool) -> None:
    """Puts fields first, before another one, or last."""
    from clientdesk.desk import own_fields

    if last and before is not None:
        raise click.UsageError(_("Choose one of --before and --last."))
    with opened_firm(to_write=True) as session:
        moved = list(dict.fromkeys(own_fields.field_by_name(session, name).id for name in names))
        others = [field.id for field in own_fields.own_fields(session) if field.id not in moved]
        at = others[0] if others else None
        if last or before is not None:
            at = None if before is None else own_fields.field_by_name(session, before).id
        ordered = own_fields.place_fields(session, moved, at)
    say(_("In order: {names}").format(names=", ".join(display_text(field.name) for field in ordered)))


def _with_field(
    name: str, change: "Callable[[Session, int], OwnField]", sentence: str, already: bool, as_json: bool
) -> None:
    """Changes whether a field is retired, and says so; `already` is what it is then."""
    from clientdesk.desk import own_fields

    with opened_firm(to_write=True) as session:
        field = own_fields.field_by_name(session, name)
        changed = change(session, field.id)
    _say_field(_("Nothing was changed.") if field.retired is already else sentence, changed, as_json)


@fields.command("retire", help=_("Retire a field: it is shown nowhere any more, and its values are kept."))
@click.argument("name")
@_JSON_ONE
def retire(name: str, as_json: bool) -> None:
    """Retires a field."""
    from clientdesk.desk import own_fields

    _with_field(name, own_fields.retire_field, _("Retired: {name}"), True, as_json)


@fields.command("restore", help=_("Bring a retired field back, with its values."))
@click.argument("name")
@_JSON_ONE
def restore(name: str, as_json: bool) -> None:
    """Brings a field back."""
    from clientdesk.desk import own_fields

    _with_field(name, own_fields.restore_field, _("Brought back: {name}"), False, as_json)


fields.add_command(choices)
