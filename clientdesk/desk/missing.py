"""Why a client is not in the list: what is typed is looked for wherever a client may be, each place with its cause."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, file_of, title
from clientdesk.desk.client_filters import asked
from clientdesk.desk.missing_causes import (
    Answer,
    Called,
    Cause,
    Gone,
    Hidden,
    Hiding,
    Inactive,
    Listed,
    Near,
    NeverSeen,
    RefusedRow,
    Renamed,
)
from clientdesk.desk.past_clients import DELETED
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.domain.filters import on_its_own
from clientdesk.domain.fold import fold, number_key, words
from clientdesk.domain.near_names import NearName
from clientdesk.domain.problems import Problem, refuse
from clientdesk.store import change_sets, listing
from clientdesk.store import missing_clients as store
from clientdesk.store.history import Entry, row_id
from clientdesk.text import one_line, strip_controls

LONGEST = 500
"""So many characters are looked for at most."""
MOST = 5
"""So many answers of one kind are told."""
_LOOKED_AT = 2_000
"""So many clients that have what was typed are looked at."""
_FEW = 20
"""Of so many clients that have what was typed, one may be written otherwise all the same."""
_GONE = 200
_MOVED = "client.moved"


def demand_text(text: str) -> str:
    """What is looked for, as one line. Refused where nothing is typed ("missing_nothing"), or too much
    ("missing_too_long")."""
    if len(text) > LONGEST:
        raise refuse("missing_too_long", length=len(text), limit=LONGEST)
    line = " ".join(strip_controls(one_line(text)).split())
    if not words(line):
        raise refuse("missing_nothing")
    return line


@reads
def why(session: Session, text: str, query: ClientQuery) -> Answer:
    """Why what is typed is not in the list that `query` asks for, as far as this firm knows. See `demand_text`.

    First comes what is called so exactly, wherever it is, and no near one then; then what hides clients, what they were
    called before, near ones, and what is gone; at the end those that are in the list.
    """
    line = demand_text(text)
    engine, name = session.engine, NearName(line)
    with engine.reading():
        having = listing.ids(engine, EVERYONE._replace(find=line), 0, _LOOKED_AT)
        called = store.called(engine, having)
        exact = [client_id for client_id in having if client_id in called and _is_exact(called[client_id], line)]
        in_list = listing.among(engine, asked(session, query), having) if having else set()
        ordered = list(dict.fromkeys([*exact, *having]))
        listed = [Listed(called[client_id]) for client_id in ordered if client_id in in_list][:MOST]
        hidden = [client_id for client_id in ordered if client_id not in in_list]
        of_hidden = _of_hidden(session, query, [called[client_id] for client_id in hidden[: 4 * MOST]])
        gone = _gone(session, line, name)
        rows = map(_refused_row, store.refused(engine, words(line), name, _GONE))
        refusals = sorted(rows, key=lambda row: not row.is_called_so)
        is_exact = any(_is_called_so(cause, line) for cause in (*listed, *of_hidden, *gone[:1], *refusals[:1]))
        renamings, looked_back = store.renamed(engine, words(line), _GONE)
        answered = {*having, *(one.client.id for one in gone)}
        renamed = _renamed(session, line, query, [one for one in renamings if one.client_id not in answered], is_exact)
        is_exact = is_exact or any(_is_called_so(cause, line) for cause in renamed)
        near, more_near = ([], 0) if is_exact else _near(session, line, name, query, having)
        causes = (*of_hidden, *renamed[:MOST], *near, *gone[:MOST], *refusals[:MOST])
        counts = {
            Listed: len(in_list) - len(listed),
            Hidden: len(hidden) - len(of_hidden),
            Renamed: len(renamed) - MOST,
            Near: more_near,
            Gone: len(gone) - MOST,
            RefusedRow: len(refusals) - MOST,
        }
        looked = NeverSeen(listing.count(engine, EVERYONE), *store.looked_through(engine), 0, looked_back)
    more = {kind: count for kind, count in counts.items() if count > 0}
    first = [cause for cause in (*listed, *causes) if _is_called_so(cause, line)]
    others = [cause for cause in (*causes, *listed) if cause not in first]
    return Answer((*first, *others), more, len(having) == _LOOKED_AT or len(refusals) == _GONE, looked)


def _is_exact(client: Called, line: str) -> bool:
    return line == client.company_id or any(_is_same(text, line) for text in (client.name, client.number))


def _is_same(name_or_number: str, line: str) -> bool:
    return fold(line) == fold(name_or_number) or number_key(line) == number_key(name_or_number) != ""


def _is_called_so(cause: Cause, line: str) -> bool:
    """Whether what a cause is about is, or was, called just what was typed."""
    match cause:
        case Listed(client=client) | Hidden(client=client) | Inactive(client=client):
            return _is_exact(client, line)
        case Gone(client=client, was=was):
            return _is_exact(client, line) or _is_same(was, line)
        case Renamed(was=was):
            return _is_same(was, line)
        case RefusedRow(is_called_so=is_called_so):
            return is_called_so
        case _:
            return False


def _renamed(
    session: Session, line: str, query: ClientQuery, renamings: Sequence[store.Renaming], exact_only: bool
) -> list[Renamed | Gone]:
    """The clients that were called so once; `exact_only` those that were called just so. One that has gone since is told
    as gone."""
    engine = session.engine
    by_client = {one.client_id: one for one in renamings if not exact_only or _is_same(one.was, line)}
    ids = sorted(by_client, key=lambda client_id: not _is_same(by_client[client_id].was, line))
    called, hiding = store.called(engine, ids), _hiding(session, query, ids[:MOST])
    left = {
        one.client.id: one
        for one in _gone_of(session, {client_id: False for client_id in ids if client_id not in called})
    }
    renamed: list[Renamed | Gone] = []
    for client_id in ids:
        _id, entry, was = by_client[client_id]
        if client_id in called:
            renamed.append(Renamed(called[client_id], hiding.get(client_id, Hiding()), was, entry.at, entry.actor))
        elif client_id in left:
            renamed.append(left[client_id]._replace(was=was))
    return renamed


def _near(
    session: Session, line: str, name: NearName, query: ClientQuery, having_it: Sequence[int]
) -> tuple[list[Near], int]:
    """The clients that are nearly what was typed, besides those that have it, the nearest first, and how many more there
    are."""
    engine, having = session.engine, set(having_it)
    numbers = [client_id for client_id in store.near_by_number(engine, line) if client_id not in having]
    by_name = store.near_by_name(engine, name) if len(having) < _FEW else []
    names = {client_id: near.slips for near, client_id in by_name if client_id not in having}
    how = dict.fromkeys(numbers[:MOST], (1, True))
    how |= {client_id: (names[client_id], False) for client_id in list(names)[:MOST] if client_id not in how}
    called, hiding = store.called(engine, list(how)), _hiding(session, query, list(how))
    near = [Near(called[client_id], hiding[client_id], *how[client_id]) for client_id in how if client_id in called]
    return near, len({*numbers, *names}) - len(near)


def _hiding(session: Session, query: ClientQuery, client_ids: Sequence[int]) -> dict[int, Hiding]:
    """What of the list hides each of some clients."""
    if not client_ids:
        return {}
    engine = session.engine
    by_filter = {
        on: listing.among(engine, asked(session, ClientQuery(on_its_own(on, query.filters))), client_ids)
        for on in query.filters
    }
    by_search = (
        listing.among(engine, EVERYONE._replace(find=query.find), client_ids) if words(query.find) else set(client_ids)
    )
    return {
        client_id: Hiding(
            tuple(on for on, shown in by_filter.items() if client_id not in shown), client_id not in by_search
        )
        for client_id in client_ids
    }


def _of_hidden(session: Session, query: ClientQuery, clients: Sequence[Called]) -> list[Hidden | Inactive]:
    """Why clients of the firm are not in the list: some of those that are hidden, then some that are inactive."""
    hiding = _hiding(session, query, [client.id for client in clients])
    inactive = [client for client in clients if client.status == "inactive" and _by_status(hiding[client.id])]
    hidden = [client for client in clients if client not in inactive]
    return [
        *(Hidden(client, hiding[client.id]) for client in hidden[:MOST]),
        *(_inactive(session, client, hiding[client.id]) for client in inactive[:MOST]),
    ]


def _by_status(hiding: Hiding) -> bool:
    return any(on.field == "status" for on in hiding.filters)


def _inactive(session: Session, client: Called, hiding: Hiding) -> Inactive:
    entry = store.made_inactive(session.engine, client.id)
    return Inactive(client, hiding, *((entry.at, entry.actor) if entry is not None else ("", "")))


def _gone(session: Session, line: str, name: NearName) -> list[Gone]:
    """The clients that were taken out of the firm, the latest first; those so called before those nearly so called."""
    near = dict(store.deleted(session.engine, words(line), name, _GONE))
    return sorted(_gone_of(session, near), key=lambda one: (one.is_near, not _is_exact(one.client, line)))


def _gone_of(session: Session, near: Mapping[int, bool]) -> list[Gone]:
    """How clients have gone, the latest first; each by its id with whether its name is only `near`."""
    if not near:
        return []
    entries = store.last_entries(session.engine, list(near))
    undos = {entry.change_set: entry.change_set for entry in entries if entry.kind in (UNDONE, REDONE)}
    done_first = change_sets.done_first(session.engine, undos)
    gone = [_gone_by(session, entry, near[row_id(entry.key)], done_first.get(entry.change_set)) for entry in entries]
    came_back = store.present(session.engine, [one.client.company_id for one in gone if one.client.company_id])
    return [one for one in gone if one.client.company_id not in came_back]


def _gone_by(session: Session, entry: Entry, is_near: bool, undone: change_sets.ChangeSet | None) -> Gone:
    """How a client has gone, by its last entry, and what was `undone` by that."""
    name, number, company_id = (
        str(entry.old.get(field) or "") for field in ("display_name", "client_number", "company_id")
    )
    kind = KINDS.get(entry.kind if undone is None else undone.kind)
    action = None if kind is None else kind.undone_by
    return Gone(
        Called(row_id(entry.key), name, number, company_id, DELETED),
        entry.at,
        entry.actor,
        entry.change_set,
        entry.note if entry.kind == _MOVED else "",
        "" if undone is None else " ".join(filter(None, (title(undone.kind), file_of(undone.kind, undone.note)))),
        0 if undone is None else undone.id,
        is_near,
        action is not None and session.allows(action),
    )


def _refused_row(refusal: store.Refusal) -> RefusedRow:
    problem = None if refusal.problem is None else Problem(*refusal.problem)
    return RefusedRow(*refusal[:7], problem, refusal.is_called_so)
