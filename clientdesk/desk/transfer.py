"""Clients from one firm into another: chosen, judged against what is there, copied or moved.

Each firm's part is one transaction. Where clients move, the old firm is held from the beginning, the other firm's
part is written whole, and only then are the clients taken out of the old one. Whoever is stopped in between has them
in both firms; the next run knows by the note of where they came from that they are there already.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from clientdesk.desk import clients, patches
from clientdesk.desk.carried_history import REFERENCES, pack
from clientdesk.desk.client_filters import asked
from clientdesk.desk.client_rules import to_be_met
from clientdesk.desk.jobs import Progress, silent
from clientdesk.desk.judged_clients import JUDGED
from clientdesk.desk.opening import open_firm
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.transfer_counts import Chosen, Clash, Count, How, Judged, Transferred
from clientdesk.desk.transferred_own_values import OwnValues, add_tags
from clientdesk.desk.transferred_templates import Templates
from clientdesk.domain.access import Action
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.deletion import conditions
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.unique_client_numbers import NOBODY, holder_of, number_taken
from clientdesk.store import client_lookups, listing, transfers
from clientdesk.store import clients as rows
from clientdesk.store.bounds import broken
from clientdesk.store.engines import places
from clientdesk.store.patches import referring_to
from clientdesk.text import N_, _, control_ranges, strip_controls

AT_ONCE = 2_000
"""So many clients are in memory at a time."""
NAMELESS = (
    *("client_number", "display_name", "business_name", "status", "email", "phone", "company_id"),
    *("contact_first_name", "contact_last_name", "mobile", "website", "street", "city", "region", "postal_code"),
    *("country", "tax_id", "fiscal_year_end", "subscription", "billed_to", "primary_admin", "notes"),
)
"""The fields of a state that was noted without their names, in its order."""

__all__ = ["Chosen", "Clash", "How", "Transferred"]


def open_other(session: Session, location: str) -> Session:
    """Opens the firm to which clients go, for the same account. Refuses the firm that they are in."""
    if places.is_same_firm(location, session.location):
        raise refuse("same_firm", path=location)
    # Who a server knows you as says nothing about a file, and the other way round.
    other = open_firm(location, session.login if session.engine.login is None else None)
    other.patience = session.patience
    return other


@reads
def in_list(session: Session, query: ClientQuery) -> list[Chosen]:
    """The clients of a list, in its order."""
    return of_ids(session, listing.ids(session.engine, asked(session, query), 0, listing.EVERY))


@reads
def of_ids(session: Session, client_ids: Sequence[int]) -> list[Chosen]:
    """The clients with these ids, as far as they are there."""
    chosen = []
    for start in range(0, len(client_ids), AT_ONCE):
        part = client_ids[start : start + AT_ONCE]
        keys = transfers.company_ids(session.engine, part)
        chosen += [Chosen(client_id, keys[client_id]) for client_id in part if client_id in keys]
    return chosen


def named(session: Session, other: Session, keys: Sequence[str], how: How) -> list[Chosen]:
    """The clients with these Company IDs or numbers, each once; where they move, those that moved before, too."""
    chosen: dict[str, Chosen] = {}
    for key, client_or_problem in zip(keys, clients.of_keys(session, keys), strict=True):
        if isinstance(client_or_problem, Problem):
            moved = (
                _moved_before(other, session, key) if how.move and client_or_problem.code == "unknown_client" else ""
            )
            if not moved:
                raise Refused(client_or_problem)
            choice = Chosen(0, moved)
        else:
            choice = Chosen(*client_or_problem)
        chosen.setdefault(choice.key, choice)
    return list(chosen.values())


@reads
def _moved_before(other: Session, session: Session, key: str) -> str:
    """The Company ID of the client with this key in the other firm, if it came from this one; else ""."""
    company_ids = [str(client.values["company_id"]) for client in rows.by_key(other.engine, strip_controls(key))]
    arrived = transfers.present(other.engine, company_ids, _uid(session))
    return next((company_id for company_id, present in arrived.items() if present.state), "")


def plan(
    session: Session, other: Session, chosen: Sequence[Chosen], how: How, progress: Progress = silent
) -> Transferred:
    """What a transfer would do now; nothing is written. Refused where your access in one of the firms is too low."""
    _demand(session, other, how)
    counted = Count(other)
    with _still(session), _still(other):
        templates = Templates(session, other)
        for page in _pages(chosen, progress):
            judged = _judge(other, session, page, how)
            counted.add(page, judged, how)
            counted.templates.update(templates.of([client.id for client in _arriving(judged)]))
    return counted.outcome()


def _arriving(judged: Sequence[Judged]) -> list[Client]:
    """Those of the clients that are added to the other firm."""
    return [client for client, is_there, problems in judged if not problems and not is_there]


def transfer(
    session: Session, other: Session, chosen: Sequence[Chosen], how: How, progress: Progress = silent
) -> Transferred:
    """Copies or moves the chosen clients; each is judged again, and the refused ones stay. `progress`: see `jobs`.

    Raises Refused if the clients have reached the other firm and this one cannot let them go ("move_unfinished"), or
    its server does not say whether it has ("move_unknown").
    """
    _demand(session, other, how)
    if not how.move:
        with _still(session):
            return _receive(other, session, chosen, how, progress)[0]
    arrived: list[Transferred] = []
    try:
        return _move(session, other, chosen, how, progress, arrived)
    except Refused as refusal:
        if not arrived or not arrived[0].new:
            raise
        if session.doubt:
            number = session.doubted_change
            raise refuse("move_unknown", to=other.firm.name, firm=session.firm.name, change=number) from refusal
        reason = _(_BECAUSE.get(refusal.code, _UNWRITTEN))
        raise refuse("move_unfinished", to=other.firm.name, firm=session.firm.name, reason=reason) from refusal


_BECAUSE = {
    "disk_full": N_("its disk is full"),
    "locked": N_("another program is writing to it"),
    "server_away": N_("its server does not answer"),
    "not_saved": N_("its server went away before they were taken out"),
    "server_forbids": N_("its server does not let you take them out"),
    "database_forbids": N_("its database does not let you take them out"),
}
_UNWRITTEN = N_("it cannot be written")


def _demand(session: Session, other: Session, how: How) -> None:
    other.demand(Action.IMPORT)
    if how.move:
        session.demand(Action.DELETE_CLIENT)


@contextmanager
def _still(session: Session) -> Iterator[None]:
    """The firm does not move for whoever reads, and its failures are sentences that name it."""
    with session.engine.errors(), session.engine.reading():
        yield


@changes("client.moved", Action.DELETE_CLIENT)
def _move(
    session: Session,
    other: Session,
    chosen: Sequence[Chosen],
    how: How,
    progress: Progress,
    arrived: list[Transferred],
) -> Transferred:
    """The old firm's part of a move, around the other firm's: when clients are deleted, they are safe there."""
    session.engine.note_change(other.firm.name)
    outcome, leaving = _receive(other, session, chosen, how, progress)
    arrived.append(outcome)
    # The firm is held since they were judged: they are as they were.
    for departure in patches.apply(session, (Patch("client", str(client_id), {}, None) for client_id in leaving)):
        patches.landed(departure)
    return outcome


@changes("client.received", Action.IMPORT)
def _receive(
    other: Session, session: Session, chosen: Sequence[Chosen], how: How, progress: Progress
) -> tuple[Transferred, list[int]]:
    """The other firm's part: adds what it does not have. Also the ids of all that this firm may let go."""
    other.engine.note_change(session.firm.name)
    counted, leaving, names, templates = Count(other), [], Names(other.engine), Templates(session, other)
    for page in _pages(chosen, progress):
        judged = _judge(other, session, page, how)
        types = [Patch("client_type", "", None, {"name": name}) for name in counted.add(page, judged, how)]
        for addition in patches.apply(other, types, names):
            patches.landed(addition)
        arriving = _arriving(judged)
        arriving_ids = [client.id for client in arriving]
        counted.templates.update(templates.of(arriving_ids))
        templates.bring(arriving_ids)
        brought = pack(session, arriving_ids)
        add_tags(other, (client.values for client in arriving))
        own = OwnValues(session, other)
        additions = (
            Patch("client", "", None, names.held(own.there(counted.led(client.values)))) for client in arriving
        )
        arrivals = [
            transfers.Arrival(
                int(patches.landed(addition).patch.key),
                client.values["company_id"],
                client_state(client),
                brought[client.id],
            )
            for client, addition in zip(arriving, patches.apply(other, additions, names, JUDGED), strict=True)
        ]
        transfers.receive(other.engine, arrivals, _uid(session), session.firm.name)
        leaving += [client.id for client, _is_there, problems in judged if not problems]
    return counted.outcome(), leaving


def _pages(chosen: Sequence[Chosen], progress: Progress) -> Iterator[Sequence[Chosen]]:
    for start in range(0, len(chosen), AT_ONCE):
        yield chosen[start : start + AT_ONCE]
        progress(min(start + AT_ONCE, len(chosen)), len(chosen))


@reads
def _uid(session: Session) -> str:
    return transfers.uid(session.engine)


@reads
def present_clients(session: Session, page: Sequence[Chosen]) -> list[Client]:
    """Those of the chosen clients that are still there, in their order."""
    by_id = {row.id: Client(*row) for row in client_lookups.by_ids(session.engine, [choice.id for choice in page])}
    return [by_id[choice.id] for choice in page if choice.id in by_id]


@reads
def _judge(other: Session, session: Session, page: Sequence[Chosen], how: How) -> list[Judged]:
    """Clients of this firm against what stands in the other one; those that are gone meanwhile are left out."""
    chosen_clients, uid = present_clients(session, page), _uid(session)
    engine, to = other.engine, other.firm.name
    in_other_firm = transfers.present(engine, [client.values["company_id"] for client in chosen_clients], uid)
    coming = [client.values for client in chosen_clients if client.values["company_id"] not in in_other_firm]
    holders = rows.holders(engine, (values["client_number"] for values in coming))
    names = transfers.strangers(engine, [fold(values["display_name"]) for values in coming], uid)
    referring = referring_to(session.engine, "client", [client.id for client in chosen_clients]) if how.move else {}
    judged, own = [], OwnValues(session, other)
    own_taken = own.taken(coming)
    for client in chosen_clients:
        values, present = client.values, in_other_firm.get(client.values["company_id"])
        problems = []
        if present is not None and not present.state:
            key = values["company_id"]
            problems.append(problem("company_id_taken", "company_id", company_id=key, holder=present.name))
        elif present is not None and (present.version != 1 or present.state not in _states(client)):
            problems.append(problem("transferred_and_changed", "company_id", firm=to))
        elif present is None:
            number_holder = holder_of(values["client_number"], holders)
            if number_holder != NOBODY:
                problems.append(number_taken(values["client_number"], number_holder[1]))
            if not how.same_names and (stranger := names.get(fold(values["display_name"]))):
                name, number = stranger
                problems.append(problem("name_taken", "display_name", firm=to, name=name, number=number or "—"))
        if present is None:
            problems += [_unfit(BUILT_IN.by_name[name], values[name]) for name in broken("client", values)]
            problems += [*own.problems(values), *own_taken.get(values["company_id"], ())]
        of_leaving = conditions(session.me.access, values, to_be_met(referring.get(client.id))) if how.move else ()
        if missing := [condition for condition in of_leaving if not condition.met]:
            reasons = " ".join(f"{condition.sentence} ✗ {condition.advice}" for condition in missing)
            problems.append(problem("cannot_leave", reasons=reasons))
        judged.append(Judged(client, present is not None, problems))
    return judged


def _unfit(field: Field, value: str) -> Problem:
    """Why the other firm takes no such value, which another program wrote here."""
    about = {"label": field.label, "value": value}
    if len(value) > field.limit:
        return problem("too_long", field.name, **about, length=len(value), limit=field.limit)
    if field.choices:
        choices = ", ".join(choice.value for choice in field.choices if choice.value)
        return problem("not_a_choice", field.name, **about, choices=choices)
    ranges = control_ranges(identifier=field.identifier, lines=field.kind is Kind.NOTES)
    sign = next(character for character in value if any(low <= ord(character) <= high for low, high in ranges))
    return problem("control_character", field.name, **about, character=f"{ord(sign):04X}")


def client_state(client: Client) -> str:
    """By what a client is known to be as it was: its count of changes and its values by name, references aside.

    What nobody has filled in is left out, so that a field that comes to the catalogue later changes no state.
    """
    filled = {
        name: value
        for name, value in client.values.items()
        if value not in ("", BUILT_IN.empty.get(name)) and name not in REFERENCES
    }
    return _hashed([client.version, sorted(filled.items())])


def _states(client: Client) -> tuple[str, str]:
    """The state of a client, and how it was noted when states had no names in them."""
    return client_state(client), _hashed([client.version, *(client.values[name] for name in NAMELESS)])


def _hashed(state: object) -> str:
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()
