"""`clientdesk views`: filters, search, order and columns of the list under a name."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.filters import ListCommand, ListOptions, asked_view, layout_options, query_from
from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table, tell_problems
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.domain.filter_words import Names
    from clientdesk.domain.views import View

views = group_that_lists("views", _("Views of the list: filters, search, order and columns under a name."))


@views.command(
    "list", help=_("Print the views, yours and the firm's, in your order; the first nine have the keys 1 to 9.")
)
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_views(as_json: bool) -> None:
    """Prints all views, hidden ones too."""
    from clientdesk.desk import client_filters
    from clientdesk.desk import views as use_case

    with opened_firm() as session:
        all_views = use_case.all_views(session)
        names = client_filters.names(session)
    tell_problems(all_views.problems)
    keys = {view.key: str(number) for number, view in enumerate(all_views.keyed, 1)}
    if as_json:
        for view in all_views.all:
            say(json_text(_record(view, keys.get(view.key, ""), names)))
        return
    say_table(
        [_("Key"), _("View"), _("Whose"), _("Shows")],
        [
            [
                _("hidden") if view.hidden else keys.get(view.key, ""),
                display_text(view.name),
                view.owner.label,
                display_text(" · ".join(_filters_written(view, names))),
            ]
            for view in all_views.all
        ],
    )


def _filters_written(view: "View", names: "Names") -> list[str]:
    """The filters and the search of a view, as they are typed."""
    from clientdesk.domain.filter_text import written

    filters = [written(on, names) for on in view.query.filters]
    return [*filters, *([_("find “{text}”").format(text=view.query.find)] if view.query.find.strip() else [])]


def _field_typed(name: str, names: "Names") -> str:
    from clientdesk.domain.filter_text import field_as_typed

    return field_as_typed(names.catalogue.field(name), names.catalogue)


def _sort_written(view: "View", names: "Names") -> str:
    return ",".join(("-" if descending else "") + _field_typed(name, names) for name, descending in view.query.sort)


def _record(view: "View", key: str, names: "Names") -> dict[str, object]:
    from clientdesk.domain.filter_text import written

    columns = view.layout.columns
    return {
        "name": view.name,
        "owner": view.owner.value,
        "key": key,
        "hidden": view.hidden,
        "where": [written(on, names) for on in view.query.filters],
        "find": view.query.find,
        "sort": _sort_written(view, names),
        "columns": None
        if columns is None
        else [column._asdict() | {"field": _field_typed(column.field, names)} for column in columns],
        "left_out": [{"code": problem.code, "message": problem.message} for problem in view.problems],
    }


@views.command("show", help=_("Print what a view shows, its filters as --where takes them."))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help=_("One object."))
def show_view(name: str, as_json: bool) -> None:
    """Prints one view."""
    from clientdesk.desk import client_filters
    from clientdesk.desk import views as use_case

    with opened_firm() as session:
        view = use_case.named(session, name)
        keyed = [other.key for other in use_case.all_views(session).keyed]
        names = client_filters.names(session)
    tell_problems(view.problems)
    key = str(keyed.index(view.key) + 1) if view.key in keyed else ""
    if as_json:
        say(json_text(_record(view, key, names)))
        return
    columns = None if view.layout.columns is None else [_field_typed(name, names) for name, *_ in view.layout.columns]
    lines = [
        (_("View"), f"{view.name} ({view.owner.label})"),
        (_("Key"), key),
        *((_("Filter"), text) for text in _filters_written(view, names)),
        (_("Sorted by"), _sort_written(view, names)),
        (_("Columns"), _("those of each person") if columns is None else ",".join(columns)),
    ]
    for label, text in lines:
        if text:
            say(f"{label:<12}{display_text(text)}")


@views.command(
    "save",
    cls=ListCommand,
    help=_("Save a list under a name: a new view or, with --replace, one of that name, which shows this list then."),
)
@click.argument("name")
@click.option("--for-firm", is_flag=True, help=_("The firm's: all of the team see it."))
@click.option("--replace", is_flag=True, help=_("Replace the view of that name; without --columns it keeps its own."))
@layout_options
def save_view(name: str, for_firm: bool, replace: bool, options: ListOptions) -> None:
    """Saves a list as a view."""
    from clientdesk.desk import view_changes
    from clientdesk.domain.client_query import Column
    from clientdesk.domain.views import Layout, Owner

    with opened_firm(to_write=True) as session:
        chosen, base = options.columns(session.catalogue), asked_view(session, options)
        present = _present(session, name)
        if for_firm and present is not None and present.owner is not Owner.FIRM:
            present = None  # a view of yours is not the firm's: whether the name is free says the use case
        if present is not None and present.owner is not Owner.BUILT_IN and not replace:
            raise refuse("view_exists", name=present.name, owner=present.owner.label)
        kept = present or base
        columns = None if kept is None else kept.layout.columns
        if chosen is not None:
            columns = tuple(Column(field, session.catalogue.by_name[field].width) for field in chosen)
        layout = Layout(query_from(session, options, base), columns)
        if present is not None:
            saved = view_changes.save(session, present, layout)
        else:
            saved = (view_changes.add_to_firm if for_firm else view_changes.add_own)(session, name, layout)
    say(_("Saved: {name} ({owner})").format(name=display_text(saved.name), owner=saved.owner.label))


def _present(session: "Session", name: str) -> "View | None":
    from clientdesk.desk import views as use_case

    try:
        return use_case.named(session, name)
    except Refused as refusal:
        if refusal.code != "view_gone":
            raise
        return None


@views.command("rename", help=_("Give a view another name."))
@click.argument("name")
@click.argument("new_name")
def rename_view(name: str, new_name: str) -> None:
    """Renames a view."""
    from clientdesk.desk import view_changes
    from clientdesk.desk import views as use_case

    with opened_firm(to_write=True) as session:
        renamed = view_changes.rename(session, use_case.named(session, name), new_name)
    say(_("Saved: {name} ({owner})").format(name=display_text(renamed.name), owner=renamed.owner.label))


@views.command("delete", help=_("Delete a view of yours or of the firm; a built-in one can be hidden."))
@click.argument("name")
def delete_view(name: str) -> None:
    """Deletes a view."""
    _do(name, "delete", _("Deleted: {name}"))


@views.command("give", help=_("Make a view of yours the firm's: all of the team see it."))
@click.argument("name")
def give_view(name: str) -> None:
    """Gives a view to the firm."""
    _do(name, "give_to_firm", _("The firm's now: {name}"))


@views.command("hide", help=_("Hide a view from yourself."))
@click.argument("name")
def hide_view(name: str) -> None:
    """Hides a view."""
    _do(name, "hide", _("Hidden: {name}"))


@views.command("unhide", help=_("Show a view again that you have hidden."))
@click.argument("name")
def unhide_view(name: str) -> None:
    """Shows a view again."""
    _do(name, "unhide", _("Shown: {name}"))


def _do(name: str, what: str, done: str) -> None:
    """Does something to the view of a name, by the name of the use case, and says it."""
    from clientdesk.desk import view_changes
    from clientdesk.desk import views as use_case

    doing: Callable[[Session, View], object] = getattr(view_changes, what)
    with opened_firm(to_write=True) as session:
        view = use_case.named(session, name)
        doing(session, view)
    say(done.format(name=display_text(view.name)))


@views.command(
    "order", help=_("Put views first, in this order, before all others; yours alone. The first nine have keys.")
)
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def order_views(names: Sequence[str]) -> None:
    """Puts views in order."""
    from clientdesk.desk import view_changes
    from clientdesk.desk import views as use_case

    with opened_firm(to_write=True) as session:
        first = [use_case.named(session, name).key for name in names]
        rest = [view.key for view in use_case.all_views(session).all]
        view_changes.put_in_order(session, [*first, *rest])
        keyed = use_case.all_views(session).keyed
    for number, view in enumerate(keyed, 1):
        say(f"{number}  {display_text(view.name)}")
