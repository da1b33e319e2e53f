"""Views of the client list: all that there are, the one of a name, and the one that was open last. What changes them is
`view_changes.py`."""

from collections.abc import Mapping, Sequence
from typing import Any

from clientdesk.desk import client_filters, list_columns
from clientdesk.desk.own_views import OwnViews, own_views
from clientdesk.desk.session import Session, keeping, reads
from clientdesk.domain import column_formats
from clientdesk.domain.bounds import json_to_keep
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.client_query import Column
from clientdesk.domain.fields import OF_WORK as OF_WORK_FIELDS
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ME, REFERENCES, Filter
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.views import (
    BUILT_IN,
    FIRST,
    KEYED,
    OF_WORK,
    Owner,
    View,
    built_in_views,
    ordered,
    parsed,
    read,
)
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import firm as rows
from clientdesk.store import views as store
from clientdesk.text import _

_LAST = "view"
"""The name under which a member keeps which view is open."""
_SHOWN_OF_UNREAD = 60
"""So many characters are told of what cannot be read."""


class Views(NamedTuple):
    """All views, in your order; `problems` are of what you have kept and cannot be read."""

    all: tuple[View, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def shown(self) -> tuple[View, ...]:
        """Those that are not hidden; the first nine of them have a key."""
        return tuple(view for view in self.all if not view.hidden)

    @property
    def keyed(self) -> tuple[View, ...]:
        """Those that the keys 1 to 9 open."""
        return self.shown[:KEYED]

    def by_key(self, key: str) -> View | None:
        """The view with a key."""
        return next((view for view in self.all if view.key == key), None)


class OpenView(NamedTuple):
    """The view that was open last, with the columns in which it stood."""

    view: View
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...] = ()


# --- reading


@reads
def all_views(session: Session) -> Views:
    """All views in your order: those that you have put in order, then the built-in ones, the firm's and yours; last of all
    that of the pricing plan, which has a key of its own."""
    own = own_views(session)
    *built_in, plan = built_in_views(session.catalogue)
    firms = [_told_apart(view, own) for view in _of_firm(session)]
    views = [*built_in, *firms, *_of_member(own, session.catalogue), plan]
    names = names_of(session, *views)
    known = [without_gone(session, view, names)._replace(hidden=view.key in own.hidden) for view in views]
    unread = (problem("views_unread", value=own.unread[:_SHOWN_OF_UNREAD]),) if own.unread else ()
    return Views(ordered(known, own.order), unread)


def _of_firm(session: Session) -> list[View]:
    return [
        read(f"{Owner.FIRM}:{row.id}", row.name, parsed(row.content), session.catalogue)._replace(
            kept=row.content, version=row.version
        )
        for row in store.views(session.engine)
    ]


def _told_apart(view: View, own: OwnViews) -> View:
    """A view of the firm; where a view of yours has the same name, which may be older, its own says whose it is."""
    if fold(view.name) not in {fold(name) for name, _kept in own.views.values()}:
        return view
    return view._replace(name=_("{view} (the firm's)").format(view=view.name), kept_name=view.name)


def _of_member(own: OwnViews, catalogue: Catalogue) -> list[View]:
    return [
        read(f"{Owner.OWN}:{number}", name, kept, catalogue)._replace(kept=json_to_keep(kept))
        for number, (name, kept) in own.views.items()
    ]


def names_of(session: Session, *views: View) -> Names:
    """The names of what the filters of the views refer to, which is read where they do."""
    by_name = session.catalogue.by_name
    refer = any(by_name[on.field].kind in REFERENCES for view in views for on in view.query.filters)
    return client_filters.names(session) if refer else Names(session.catalogue)


def without_gone(session: Session, view: View, names: Names) -> View:
    """The view without its filters on client types, tags or members none of which is there any more; that is told, by the
    last name that it had, and they stay in the view as it is kept. For a tag that was merged the other one stands."""
    view = _with_merged_tags(session, view, names)
    gone = [on for on in view.query.filters if _is_gone(on, names)]
    if not gone:
        return view
    problems = [
        problem(
            "view_reference_gone",
            "filters",
            name=view.name,
            label=names.catalogue.by_name[on.field].label,
            value=_last_name(session, names.catalogue.by_name[on.field], on.value[0]),
            number=on.value[0],
        )
        for on in gone
    ]
    unread = {**view.unread}
    unread["filters"] = [*([on.field, on.op.value, list(on.value)] for on in gone), *unread.get("filters", ())]
    query = view.query._replace(filters=tuple(on for on in view.query.filters if on not in gone))
    return view._replace(layout=view.layout._replace(query=query), unread=unread, problems=(*view.problems, *problems))


def _with_merged_tags(session: Session, view: View, names: Names) -> View:
    """The view with the tags into which those of its filters were merged."""
    filters = []
    for on in view.query.filters:
        tag_ids = on.value
        if names.field(on.field).kind is Kind.TAGS:
            there = names.of(on.field)
            tag_ids = tuple(value if value in there else _merged_into(session, value, there) for value in on.value)
        filters.append(on._replace(value=tuple(dict.fromkeys(tag_ids))))
    query = view.query._replace(filters=tuple(dict.fromkeys(filters)))
    return view._replace(layout=view.layout._replace(query=query))


def _merged_into(session: Session, tag_id: str, there: Mapping[str, str]) -> str:
    """The tag that is there into which one was merged, by the history; the id itself where it was not."""
    from clientdesk.store import history  # whoever shows the list does not wait for it

    seen = [tag_id]
    while (last := seen[-1]) not in there:
        entry = next(iter(history.entries(session.engine, "tag", last, 1)), None)
        if entry is None or (entry.operation, entry.kind) != ("delete", "tag.merged") or entry.note in ("", *seen):
            return tag_id
        seen.append(entry.note)
    return seen[-1]


_ENTITIES = {
    Kind.CLIENT_TYPE: "client_type",
    Kind.MEMBER: "team_member",
    Kind.TAGS: "tag",
    Kind.OWN_CHOICE: "own_choice",
}


def _last_name(session: Session, field: Field, its_id: str) -> str:
    """What a filter refers to was called last; a dash where the history does not say so."""
    from clientdesk.store import history  # whoever shows the list does not wait for it

    entity = "template" if field.name in OF_WORK_FIELDS and field.kind is Kind.OWN_CHOICE else _ENTITIES[field.kind]
    return history.name_of(session.engine, entity, its_id) or "–"


def _is_gone(on: Filter, names: Names) -> bool:
    if names.catalogue.by_name[on.field].kind not in REFERENCES or not on.value:
        return False
    return not any(value in ("", ME) or value in names.of(on.field) for value in on.value)


@reads
def named(session: Session, name: str) -> View:
    """The view of a name, without case and accents: where you and the firm have one, yours, and "NAME (the firm's)" is the
    other. Refused ("view_gone")."""
    views = all_views(session).all
    wanted = [view for view in views if fold(name) == fold(view.name)]
    english = {view.key for view in (*BUILT_IN, *OF_WORK) if fold(view.name) == fold(name)}
    wanted += [view for view in views if view.key in english]
    if not wanted:
        raise refuse("view_gone", name=name, choices=", ".join(view.name for view in views))
    return wanted[0]


@reads
def last_open(session: Session) -> OpenView:
    """The view that you opened last, with the columns in which you left it; the first one where it is gone."""
    stored = rows.setting(session.engine, session.me.id, _LAST)
    your_columns, unread = list_columns.columns_as_kept(session)
    problems = () if unread is None else (unread,)
    kept: Any = None if stored is None else parsed(stored)
    key = kept.get("key") if isinstance(kept, dict) else None
    view = None if key in (None, FIRST) else all_views(session).by_key(str(key))
    if view is None:
        return OpenView(built_in_views()[0], your_columns, problems)
    left = read("", view.name, {"version": 1, "columns": kept.get("columns")}, session.catalogue).layout.columns
    columns = your_columns if view.layout.columns is None else left or view.layout.columns
    return OpenView(view, columns, (*view.problems, *problems))


def keep_open(session: Session, view: View, columns: Sequence[Column]) -> None:
    """Remembers which view is open, and in which columns: those of a view without columns of its own are yours, for all
    such views. Anyone may, and no history is kept."""
    if view.layout.columns is None and tuple(columns) != list_columns.columns(session):
        list_columns.save_columns(session, columns)
    own_columns = None if view.layout.columns is None else [column_formats.kept(column) for column in columns]
    with keeping(session):
        kept = json_to_keep({"key": view.key, "columns": own_columns})
        rows.save_setting(session.engine, session.me.id, _LAST, kept)
