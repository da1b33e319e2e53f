"""Clients: the list, one client, adding, editing, deactivating, deleting."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from clientdesk.desk.client_filters import asked
from clientdesk.desk.records import Client, Row, Saved, Stale, Totals
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import Field
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_value_rules import in_words, tag_names
from clientdesk.domain.own_values import is_own, tag_ids
from clientdesk.domain.patch import Outcome, Patch, Stored, Verdict
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.store import firm, listing
from clientdesk.text import strip_controls

if TYPE_CHECKING:
    from clientdesk.domain.deletion import Condition

# What only writes is imported where something is written: whoever shows the list does not wait for it.


@reads
def window(session: Session, query: ClientQuery, columns: Sequence[str], offset: int, limit: int) -> tuple[Row, ...]:
    """`limit` rows of the list from row `offset` on, with the raw values of `columns`."""
    query = asked(session, query)
    return _rows(session, listing.ids(session.engine, query, offset, limit), columns, query)


def pages(
    session: Session,
    query: ClientQuery,
    columns: Sequence[str],
    first: int = 200,
    size: int = 5_000,
    only: Container[int] | None = None,
) -> Iterator[tuple[Row, ...]]:
    """The whole list in pages, the first one short; one page, empty, where the list is.

    With `only`, the clients of the list with these ids. Who is in the list, and in which order, is settled at the
    beginning; a client that is deleted meanwhile is left out.
    """
    client_ids = _all(session, query)
    if only is not None:
        client_ids = [client_id for client_id in client_ids if client_id in only]
    yield _page(session, client_ids[:first], columns, query)
    for start in range(first, len(client_ids), size):
        yield _page(session, client_ids[start : start + size], columns, query)


def values_in_pages(
    session: Session, query: ClientQuery, columns: Sequence[str], only: Container[int] | None = None
) -> Iterator[list[tuple[str, ...]]]:
    """The values of the list (`only` of the clients with these ids), a thousand clients at a time."""
    for page in pages(session, query, columns, size=1_000, only=only):
        yield [row.values for row in page]


@reads
def _all(session: Session, query: ClientQuery) -> list[int]:
    return listing.ids(session.engine, asked(session, query), 0, listing.EVERY)


@reads
def _page(session: Session, client_ids: Sequence[int], columns: Sequence[str], query: ClientQuery) -> tuple[Row, ...]:
    return _rows(session, client_ids, columns, asked(session, query))


def _rows(session: Session, client_ids: Sequence[int], columns: Sequence[str], query: ClientQuery) -> tuple[Row, ...]:
    """The rows of clients of a list that is asked for by this query."""
    listed = listing.rows(session.engine, client_ids, columns, query.filters)
    if "due" in columns:
        session.today()  # which day it is on a server is asked here once: who shows how near a date is need not ask
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in listed)


@reads
def count(session: Session, query: ClientQuery) -> int:
    """How many clients the list has."""
    return listing.count(session.engine, asked(session, query))


@reads
def totals(session: Session) -> Totals:
    """How many clients the firm has."""
    return Totals(*listing.totals(session.engine))


@reads
def position(session: Session, query: ClientQuery, client_id: int) -> int | None:
    """The client's row in the list, from 0; None if it is not in the list."""
    return listing.position(session.engine, asked(session, query), client_id)


@reads
def get(session: Session, client_id: int) -> Client:
    """One client whole. Refused ("client_gone") if there is no such client any more."""
    from clientdesk.store import patches

    stored, _more = patches.stored(session.engine, "client", [client_id])
    if not stored:
        from clientdesk.desk.client_rules import ClientRules
        from clientdesk.desk.patch_judging import Names

        raise Refused(*ClientRules("client", session, Names(session.engine)).gone([str(client_id)]).values())
    return of_row(stored[client_id], session.catalogue)


def of_row(row: Stored, catalogue: Catalogue) -> Client:
    """A client's row in the words that a list and a form show."""
    values = {
        field.name: in_words(field, row.values.get(field.name), row.names.get(field.name, ""))
        if is_own(field.name)
        else row.names.get(field.name, "")
        if field.name in catalogue.referring
        else str(row.values[field.name])
        for field in catalogue.fields
    }
    return Client(row.id, row.version, values, row.values)


@reads
def by_key(session: Session, key: str) -> Client:
    """The client with this Company ID or client number."""
    from clientdesk.store import clients as rows

    bearers = rows.by_key(session.engine, strip_controls(key))
    wrong = _not_one(key, [str(bearer.values["company_id"]) for bearer in bearers])
    if wrong is not None:
        raise Refused(wrong)
    return of_row(bearers[0], session.catalogue)


def _not_one(key: str, company_ids: Sequence[str]) -> Problem | None:
    """What is wrong with a key where not just one client has it."""
    if not company_ids:
        return problem("unknown_client", key=key)
    if len(company_ids) > 1:
        return problem("ambiguous_client", key=key, company_id=company_ids[0], other=company_ids[1])
    return None


@reads
def of_keys(session: Session, keys: Sequence[str]) -> list[tuple[int, str] | Problem]:
    """For each of many Company IDs or client numbers the client's id and Company ID; or why it is no client's."""
    from clientdesk.store import clients as rows

    answers: list[tuple[int, str] | Problem] = []
    bearers = rows.of_keys(session.engine, [strip_controls(key) for key in keys])
    for key, company_ids in zip(keys, bearers, strict=True):
        wrong = _not_one(key, list(company_ids.values()))
        answers.append(wrong if wrong is not None else next(iter(company_ids.items())))
    return answers


def ids_of_keys(session: Session, keys: Sequence[str]) -> list[int]:
    """The ids of the clients with these Company IDs or client numbers, each once. Refused for the first wrong key."""
    client_ids: dict[int, None] = {}
    for client_or_problem in of_keys(session, keys):
        if isinstance(client_or_problem, Problem):
            raise Refused(client_or_problem)
        client_ids[client_or_problem[0]] = None
    return list(client_ids)


@reads
def lead_names(session: Session) -> tuple[str, ...]:
    """Who may stand as lead accountant: active members, and inactive ones who still lead clients; sorted."""
    return tuple(firm.leads_by_id(session.engine).values())


def new_values(session: Session) -> dict[str, str]:
    """The values with which the form of a new client begins: you are the lead accountant."""
    return {**session.catalogue.empty, "lead": session.me.name}


@reads
def check(session: Session, values: Mapping[str, str], client_id: int | None = None) -> list[Problem]:
    """Everything that is wrong with a client's values, errors and warnings, as a save would find it.

    For a client that is there (`client_id`), what it already holds is not held against it.
    """
    from clientdesk.desk import patches

    field_values = {name: value for name, value in values.items() if session.catalogue.known(name) is not None}
    if client_id is None:
        field_values.pop("company_id", None)  # a new client gets one of its own
        return _but_new_tags(patches.check(session, Patch("client", "", None, field_values)))
    problems = patches.check(session, Patch("client", str(client_id), {}, field_values))
    if any(wrong.code == "client_gone" for wrong in problems):
        raise Refused(*problems)
    return _but_new_tags(problems)


def _but_new_tags(problems: list[Problem]) -> list[Problem]:
    """Problems without that there is no such tag: it is made when the client is saved."""
    return [wrong for wrong in problems if wrong.code not in ("unknown_tag", "no_tags")]


def add(session: Session, values: Mapping[str, str]) -> Client:
    """Adds a client with a new Company ID. See `save`."""
    return _add(session, values).client


def edit(session: Session, client: Client, changes: Mapping[str, str]) -> Client:
    """Changes fields of a client. See `save`."""
    return _edit(session, client, changes).client


def save(session: Session, client: Client | None, values: Mapping[str, str]) -> Saved:
    """Adds a client (None), or changes fields of one as it was read; what is left the same is not written.

    What somebody else changed meanwhile in other fields stays as they have it. Raises Stale with the present state if
    they changed one of the same fields, made the client inactive, or if both changes together break a rule; Refused
    where it was deleted ("client_gone"), where the database does not allow the write, and with everything that is wrong
    with the values.
    """
    return _add(session, values) if client is None else _edit(session, client, values)


@changes("client.added", Action.ADD_CLIENT)
def _add(session: Session, values: Mapping[str, str]) -> Saved:
    from clientdesk.desk import patches

    catalogue = session.catalogue
    chosen = {name: value for name, value in values.items() if value != catalogue.empty.get(name)}
    _refuse_fixed(catalogue, chosen, catalogue.new_fields)
    new_values = {name: value for name, value in values.items() if name != "company_id"}
    new_values = _with_tags(session, new_values)
    return _saved(session, patches.apply_one(session, Patch("client", "", None, new_values)))


@changes("client.edited", Action.EDIT_CLIENT)
def _edit(session: Session, client: Client, values: Mapping[str, str]) -> Saved:
    from clientdesk.desk import patches

    _refuse_fixed(session.catalogue, values, session.catalogue.form_fields)
    patch = Patch("client", str(client.id), client.row, _with_tags(session, values))
    return _saved(session, patches.apply_one(session, patch, version=client.version))


def _with_tags(session: Session, values: Mapping[str, str]) -> dict[str, str]:
    """The values with the tags by their ids; those that the firm does not have yet are made."""
    if not values.get(TAGS):
        return dict(values)
    from clientdesk.desk import tags

    known = session.catalogue.known(TAGS)
    names = tag_names(values[TAGS])
    firm_tags = {fold(name) for name in known.called.values()} if known is not None else set()
    if any(not tag_ids(name) and fold(name) not in firm_tags for name in names):
        try:
            tags.tag_ids(session, [name for name in names if not tag_ids(name)], create=True)
        except Refused as refusal:
            raise Refused(*(wrong._replace(field=TAGS) for wrong in refusal.problems)) from refusal
        session.read_own_fields()
    return dict(values)


def _refuse_fixed(catalogue: Catalogue, values: Mapping[str, str], free: Sequence[Field]) -> None:
    """Refuses fields that nobody knows, and those that are not `free`: they have a use case of their own, or never
    change."""
    for name in values:
        if name not in catalogue.by_name:
            from clientdesk.domain.likely_names import likely_names

            raise refuse("unknown_field", value=name, choices=likely_names(name, (field.word for field in free)))
        field = catalogue.by_name[name]
        if field not in free:
            raise refuse("fixed_field", name, label=field.label, instead=field.instead)


def _saved(session: Session, outcome: Outcome) -> Saved:
    """What was saved; raises Stale and Refused."""
    from clientdesk.desk import patches

    if outcome.verdict is Verdict.CHANGED and outcome.present is not None:
        raise Stale(of_row(outcome.present, session.catalogue), *outcome.problems)
    present = patches.landed(outcome).present
    assert present is not None
    meanwhile = tuple(
        sorted(outcome.fields, key=lambda name: session.catalogue.places.get(name, len(session.catalogue.places)))
    )
    return Saved(
        of_row(present, session.catalogue), outcome.problems, meanwhile, outcome.by, outcome.verdict is Verdict.WRITTEN
    )


def set_status(session: Session, client_ids: Sequence[int], active: bool) -> int:
    """Activates or deactivates clients in one change set; how many had the other status.

    Those that have the status already stay as they are, and who was deleted meanwhile is passed over. Refused where
    nobody is left of them ("client_gone"), or where the database does not allow it ("database_forbids"). Of many
    clients see `client_status.set_status_of_many`.
    """
    from clientdesk.desk import client_status

    return client_status.set_status_of_many(session, client_ids, active, batch=max(1, len(client_ids))).changed


@reads
def deletion_conditions(session: Session, client_id: int) -> "tuple[Condition, ...]":
    """The preconditions of deleting a client permanently, as they stand now: three, and that nothing refers to it."""
    from clientdesk.desk.client_rules import to_be_met
    from clientdesk.domain.deletion import conditions
    from clientdesk.store import patches

    referring = patches.referring_to(session.engine, "client", [client_id])
    return conditions(session.me.access, get(session, client_id).values, to_be_met(referring.get(client_id)))


@changes("client.deleted", None)
def delete(session: Session, client: Client) -> None:
    """Deletes a client permanently; its history stays.

    Refused with every precondition that is not met; raises Stale where it is not as it was read any more.
    """
    from clientdesk.desk import patches

    outcome = patches.apply_one(session, Patch("client", str(client.id), client.row, None))
    if outcome.verdict is Verdict.CHANGED and outcome.present is not None:
        raise Stale(of_row(outcome.present, session.catalogue), *outcome.problems)
    patches.landed(outcome)
