"""Changing views of the client list: your own, which nobody else sees, and the firm's, which have a history.

Your own stand beside the firm's data, as your columns do: anyone may have some, in a firm that can be written. In which
order views stand, and which are hidden, is everybody's own, too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from clientdesk.desk import patches
from clientdesk.desk.own_views import OwnViews, keep, own_views
from clientdesk.desk.session import Session, changes
from clientdesk.desk.views import all_views, names_of, without_gone
from clientdesk.domain.access import Action
from clientdesk.domain.bounds import json_to_keep
from clientdesk.domain.column_formats import telling
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Outcome, Patch
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.domain.views import NAME_LIMIT, Layout, Owner, View, as_kept, built_in_names, parsed, read
from clientdesk.store import views as store
from clientdesk.text import N_, _, shows_nothing

_NAME = N_("The view's name")


def _content(layout: Layout, unread: Mapping[str, Sequence[object]] | None = None) -> dict[str, object]:
    """A layout as it is kept. Refused ("columns_tell_nobody") where none of its columns says whose line it is."""
    if layout.columns and telling(column.field for column in layout.columns) is None:
        raise refuse("columns_tell_nobody", "columns")
    return as_kept(layout, unread)


# --- your own


def _tidy_name(name: str) -> str:
    tidied = tidy_name(name)
    if shows_nothing(tidied):
        raise refuse("required", "name", label=_NAME)
    if len(tidied) > NAME_LIMIT:
        raise refuse("too_long", "name", label=_NAME, value=tidied, length=len(tidied), limit=NAME_LIMIT)
    return tidied


def _free_name(session: Session, own: OwnViews, name: str, key: str = "") -> str:
    """A name as it is kept. Refused ("view_taken") where another view than that with the key has it."""
    tidied = _tidy_name(name)
    others = {f"{Owner.OWN}:{number}": other for number, (other, _kept) in own.views.items()}
    others |= {f"{Owner.FIRM}:{row.id}": row.name for row in store.views(session.engine)}
    same = [other for its_key, other in others.items() if its_key != key and fold(other) == fold(tidied)]
    if same := [*same, *built_in_names(tidied)]:
        raise refuse("view_taken", "name", name=same[0])
    return tidied


def add_own(session: Session, name: str, layout: Layout) -> View:
    """Makes a view of your own. Refused ("view_taken") where there is one of that name."""
    added: list[int] = []

    def add(own: OwnViews) -> OwnViews:
        tidied = _free_name(session, own, name)
        added.append(own.next)
        return own._replace(views={**own.views, own.next: (tidied, _content(layout))}, next=own.next + 1)

    keep(session, add)
    return _there(session, f"{Owner.OWN}:{added[-1]}")


def _change_own(session: Session, view: View, change: Callable[[OwnViews, str, object], tuple[str, object]]) -> View:
    """Makes something else of a view of yours: `change` gets its name and how it is kept."""

    def changed(own: OwnViews) -> OwnViews:
        if view.id not in own.views:
            raise refuse("view_deleted", name=view.name, who="")
        return own._replace(views={**own.views, view.id: change(own, *own.views[view.id])})

    keep(session, changed)
    return _there(session, view.key)


def _there(session: Session, key: str) -> View:
    view = all_views(session).by_key(key)
    if view is None:
        raise refuse("view_deleted", name=key, who="")
    return view


# --- any view


def save(session: Session, view: View, layout: Layout) -> View:
    """Makes a view show something else. What could not be read of it stays in it. Refused where it is built in, where
    somebody changed or deleted it since it was read, or where it is the firm's and you may not."""
    content = _content(layout, view.unread)
    if view.owner is Owner.BUILT_IN:
        raise refuse("view_built_in", name=view.name)
    if view.owner is Owner.FIRM:
        return _change_firm_view(session, view, {"content": view.kept}, {"content": json_to_keep(content)})

    def change(_own_views: OwnViews, name: str, kept: object) -> tuple[str, object]:
        if json_to_keep(kept) != view.kept:
            raise Refused(
                problem("view_changed", name=view.name), *_differences(session, view.kept, json_to_keep(kept))
            )
        return name, content

    return _change_own(session, view, change)


def _differences(session: Session, before: str, now: str) -> Iterator[Problem]:
    """What became of each part of a view that says something else now."""
    from clientdesk.desk.history import attributes_in, differing_parts

    for label, *texts in differing_parts(attributes_in(session)("view")["content"], before, now):
        text_before, theirs = (text or _("nothing") for text in texts)
        yield problem("stale_field", label=label, before=text_before, theirs=theirs)


def rename(session: Session, view: View, name: str) -> View:
    """Gives a view another name. Refused where it is built in, or another view has it."""
    if view.owner is Owner.BUILT_IN:
        raise refuse("view_built_in", name=view.name)
    if view.owner is Owner.FIRM:
        _demand_not_own(session, name)
        return _rename_firm_view(session, view, name)
    return _change_own(session, view, lambda own, _name, kept: (_free_name(session, own, name, view.key), kept))


def delete(session: Session, view: View) -> None:
    """Deletes a view. Refused where it is built in: that can be hidden."""
    if view.owner is Owner.BUILT_IN:
        raise refuse("view_built_in", name=view.name)
    if view.owner is Owner.FIRM:
        _delete_firm_view(session, view)
        return

    def without(own: OwnViews) -> OwnViews:
        if view.id not in own.views:
            raise refuse("view_deleted", name=view.name, who="")
        return own._replace(views={number: kept for number, kept in own.views.items() if number != view.id})

    keep(session, without)


def put_in_order(session: Session, keys: Sequence[str]) -> None:
    """Keeps the order of your views, all of them by key; those that are not hidden get the keys 1 to 9 in it."""
    keep(session, lambda own: own._replace(order=tuple(dict.fromkeys(keys))))


def hide(session: Session, view: View) -> None:
    """Hides a view from yourself: no key opens it, and it is the last of the list of views."""
    keep(session, lambda own: own._replace(hidden=own.hidden | {view.key}))


def unhide(session: Session, view: View) -> None:
    """Shows a view again."""
    keep(session, lambda own: own._replace(hidden=own.hidden - {view.key}))


# --- the firm's


def _demand_not_own(session: Session, name: str, but: str = "") -> None:
    """Refuses a name that a view of yours has, but for the one with that key."""
    for number, (own_name, _kept) in own_views(session).views.items():
        if fold(own_name) == fold(name) and f"{Owner.OWN}:{number}" != but:
            raise refuse("view_taken", "name", name=own_name)


def add_to_firm(session: Session, name: str, layout: Layout) -> View:
    """Makes a view of the firm, which all of the team see. Refused ("view_taken") where there is one of that name."""
    _demand_not_own(session, name)
    return _add_to_firm(session, name, _content(layout))


def give_to_firm(session: Session, view: View) -> View:
    """Makes a view of your own the firm's; it is not yours any more, and stands where it stood. Refused ("view_of_firm")
    where it is not yours."""
    if view.owner is not Owner.OWN:
        raise refuse("view_built_in" if view.owner is Owner.BUILT_IN else "view_of_firm", name=view.name)
    firm_view = _give_to_firm(session, view.name, _content(view.layout, view.unread))

    def instead(own: OwnViews) -> OwnViews:
        order = tuple(firm_view.key if key == view.key else key for key in own.order)
        others = {number: kept for number, kept in own.views.items() if number != view.id}
        return own._replace(views=others, order=order)

    keep(session, instead)
    return firm_view


def _landed(session: Session, outcome: Outcome) -> View:
    present = patches.landed(outcome).present
    assert present is not None
    content = str(present.values["content"])
    view = read(f"{Owner.FIRM}:{present.id}", str(present.values["name"]), parsed(content), session.catalogue)
    return without_gone(session, view, names_of(session, view))._replace(kept=content, version=present.version)


@changes("view.added", Action.MANAGE_VIEWS)
def _add_to_firm(session: Session, name: str, content: Mapping[str, object]) -> View:
    return _added(session, name, content)


@changes("view.given", Action.MANAGE_VIEWS)
def _give_to_firm(session: Session, name: str, content: Mapping[str, object]) -> View:
    return _added(session, name, content)  # an undo would leave it to nobody, so this kind has none


def _added(session: Session, name: str, content: Mapping[str, object]) -> View:
    values = {"name": name, "content": json_to_keep(content)}
    return _landed(session, patches.apply_one(session, Patch("view", "", None, values)))


@changes("view.changed", Action.MANAGE_VIEWS)
def _change_firm_view(session: Session, view: View, before: Mapping[str, str], after: Mapping[str, str]) -> View:
    patch = Patch("view", str(view.id), before, after)
    return _landed(session, patches.apply_one(session, patch, version=view.version))


@changes("view.renamed", Action.MANAGE_VIEWS)
def _rename_firm_view(session: Session, view: View, name: str) -> View:
    patch = Patch("view", str(view.id), {"name": view.kept_name or view.name}, {"name": name})
    return _landed(session, patches.apply_one(session, patch, version=view.version))


@changes("view.deleted", Action.MANAGE_VIEWS)
def _delete_firm_view(session: Session, view: View) -> None:
    patches.landed(
        patches.apply_one(
            session, Patch("view", str(view.id), {"name": view.kept_name or view.name, "content": view.kept}, None)
        )
    )
