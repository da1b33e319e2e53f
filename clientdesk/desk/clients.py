"""Clients: the list, one client, adding, editing, deactivating, deleting."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from clientdesk.desk.records import Client, ClientType, Row, Stale, Totals
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain import rules
from clientdesk.domain.access import Action
from clientdesk.domain.deletion import Condition, conditions
from clientdesk.domain.fields import BY_NAME, EMPTY, FORM_FIELDS, NAMES, NEW_FIELDS, Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.query import ClientQuery
from clientdesk.store import clients as rows
from clientdesk.store import firm, history, listing
from clientdesk.text import _, strip_controls

# No I, L, O, U: a Company ID is read aloud and typed from paper.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_company_id() -> str:
    """A Company ID for a client of ours: L and twelve characters by chance (60 bits), never Intuit's form."""
    import secrets  # seldom needed, and slow to import

    return "L" + "".join(secrets.choice(_LETTERS) for _ in range(12))


@reads
def window(session: Session, query: ClientQuery, columns: Sequence[str], offset: int, limit: int) -> tuple[Row, ...]:
    """`limit` rows of the list from row `offset` on, with the raw values of `columns`."""
    return _rows(session, listing.ids(session.engine, query, offset, limit), columns)


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
    found = _all(session, query)
    if only is not None:
        found = [each for each in found if each in only]
    yield _rows(session, found[:first], columns)
    for start in range(first, len(found), size):
        yield _rows(session, found[start : start + size], columns)


@reads
def _all(session: Session, query: ClientQuery) -> list[int]:
    return listing.ids(session.engine, query, 0, listing.EVERY)


@reads
def _rows(session: Session, client_ids: Sequence[int], columns: Sequence[str]) -> tuple[Row, ...]:
    found = listing.rows(session.engine, client_ids, columns)
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in found)


@reads
def count(session: Session, query: ClientQuery) -> int:
    """How many clients the list has."""
    return listing.count(session.engine, query)


@reads
def totals(session: Session) -> Totals:
    """How many clients the firm has."""
    return Totals(*listing.totals(session.engine))


@reads
def position(session: Session, query: ClientQuery, client_id: int) -> int | None:
    """The client's row in the list, from 0; None if it is not in the list."""
    return listing.position(session.engine, query, client_id)


@reads
def get(session: Session, client_id: int) -> Client:
    """One client whole. Refused ("client_gone") if there is no such client any more."""
    return _get(session, client_id)


def _get(session: Session, client_id: int) -> Client:
    found = rows.by_id(session.engine, client_id)
    if found is None:
        raise _gone(session, client_id)
    return Client(*found)


def _gone(session: Session, client_id: int) -> Refused:
    name = history.name_of(session.engine, "client", str(client_id))
    return refuse("client_gone", name=rules.shown_name({"display_name": name}) or _("This client"))


@reads
def by_key(session: Session, key: str) -> Client:
    """The client with this Company ID or client number."""
    found = rows.by_key(session.engine, strip_controls(key))
    if not found:
        raise refuse("unknown_client", key=key)
    if len(found) > 1:
        one, other = (values["company_id"] for _id, _version, values in found[:2])
        raise refuse("ambiguous_client", key=key, company_id=one, other=other)
    return Client(*found[0])


@reads
def client_types(session: Session) -> tuple[ClientType, ...]:
    """The firm's client types by name, with how many clients are of each."""
    return tuple(ClientType(*row) for row in firm.types(session.engine))


@reads
def type_names(session: Session) -> tuple[str, ...]:
    """The names of the firm's client types, sorted."""
    return tuple(firm.type_names(session.engine))


@reads
def lead_names(session: Session) -> tuple[str, ...]:
    """Who may stand as lead accountant: active members, and inactive ones who still lead clients; sorted."""
    return tuple(firm.lead_names(session.engine))


def new_values(session: Session) -> dict[str, str]:
    """The values with which the form of a new client begins: you are the lead accountant."""
    return {**EMPTY, "lead": session.me.name}


@reads
def check(session: Session, values: Mapping[str, str], client_id: int | None = None) -> list[Problem]:
    """Everything that is wrong with a client's values, errors and warnings, as a save would find it.

    For a client that is there (`client_id`), what it already holds is not held against it.
    """
    before = _get(session, client_id).values if client_id is not None else {}
    whole = {**(before or EMPTY), **_completed(session, rules.tidy_all(values))}
    return _problems(session, whole, client_id, [name for name in values if whole[name] != before.get(name)])


def _completed(session: Session, values: Mapping[str, str]) -> dict[str, str]:
    """The values of some fields, with choices by their words and references by the names as the firm writes them."""
    completed = dict(values)
    for name, value in values.items():
        field = BY_NAME[name]
        if field.kind is Kind.CHOICE:
            completed[name] = rules.choice_from(field, value)
        elif value and field.kind is Kind.CLIENT_TYPE:
            names = {fold(each): each for each in firm.type_names(session.engine)}
            completed[name] = names.get(fold(value), value)
        elif value and field.kind is Kind.MEMBER:
            member = firm.member_by_name(session.engine, value) or firm.member_by_login(session.engine, value)
            completed[name] = member.name if member else value
    return completed


def _problems(
    session: Session, values: Mapping[str, str], client_id: int | None, changed: Iterable[str]
) -> list[Problem]:
    """The problems of the `changed` fields of a whole client."""
    engine, changed = session.engine, set(changed)
    found = rules.check(values, [name for name in NAMES if name in changed])
    if "country" in changed:  # what depends on it is looked at again
        found += [each for each in rules.check(values, ["phone", "mobile", "tax_id"]) if each.field not in changed]
    if not changed & {"subscription", "billed_to"}:
        found = [each for each in found if each.code != "plan_without_subscription"]
    if "client_type" in changed and values["client_type"]:
        names = firm.type_names(engine)
        if values["client_type"] not in names:
            choices = ", ".join(names)
            found.append(problem("unknown_client_type", "client_type", value=values["client_type"], choices=choices))
    if "lead" in changed and values["lead"]:
        member = firm.member_by_name(engine, values["lead"])
        if member is None or not member.active:
            found.append(problem("unknown_lead", "lead", value=values["lead"]))
    if "client_number" in changed:
        found += _number_taken(session, values, client_id)
    if "display_name" in changed and values["display_name"]:
        for other, name, number in rows.namesakes(engine, values["display_name"]):
            if other != client_id:
                found.append(problem("same_name", "display_name", name=_short(name), number=number or "—"))
                break
    order = {name: index for index, name in enumerate(NAMES)}
    return sorted(found, key=lambda each: order[each.field])


def _number_taken(session: Session, values: Mapping[str, str], client_id: int | None) -> list[Problem]:
    """The problem of a client's number that another one bears."""
    number = values["client_number"]
    holder = rows.holder_of_number(session.engine, number) if number else None
    if holder is None or holder[0] == client_id:
        return []
    return [problem("number_taken", "client_number", number=number, holder=_short(holder[1]))]


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"


def _refuse_errors(problems: Iterable[Problem]) -> None:
    if errors := rules.errors(problems):
        raise Refused(*errors)


@changes("client.added", Action.ADD_CLIENT)
def add(session: Session, values: Mapping[str, str]) -> Client:
    """Adds a client with a new Company ID. Refused with everything that is wrong with it."""
    _refuse_fixed({name: value for name, value in values.items() if value != EMPTY.get(name)}, NEW_FIELDS)
    whole = _completed(session, {**EMPTY, **rules.tidy_all(values), "company_id": new_company_id()})
    _refuse_errors(_problems(session, whole, None, set(NAMES)))
    rows.insert(session.engine, [whole])
    return Client(*rows.by_key(session.engine, whole["company_id"])[0])


def _refuse_fixed(values: Mapping[str, str], free: Sequence[Field]) -> None:
    """Refuses fields that nobody knows, and those that are not `free`: they have a use case of their own, or never
    change."""
    for name in values:
        if name not in BY_NAME:
            raise refuse("unknown_field", value=name, choices=", ".join(each.name for each in free))
        field = BY_NAME[name]
        if field not in free:
            raise refuse("fixed_field", name, label=field.label, instead=field.instead)


@changes("client.edited", Action.EDIT_CLIENT)
def edit(session: Session, client_id: int, version: int, changes: Mapping[str, str]) -> Client:
    """Changes fields of a client as it was read at `version`; what is left the same is not written.

    Raises Stale with the present state if someone else changed it meanwhile or made it inactive, Refused where it was
    deleted ("client_gone"), where the database does not allow the write, and with everything that is wrong with the
    changes.
    """
    _refuse_fixed(changes, FORM_FIELDS)
    return write(session, client_id, version, changes)


def write(session: Session, client_id: int, version: int, changes: Mapping[str, str]) -> Client:
    """Writes changes of a client inside a use case of whatever kind, by the same rules."""
    present = _get(session, client_id)
    if present.version != version:
        raise _stale(session, present, version)
    whole = {**present.values, **_completed(session, rules.tidy_all(changes))}
    changed = {name: whole[name] for name in changes if whole[name] != present.values[name]}
    if not changed:
        return present
    _refuse_errors(_problems(session, whole, client_id, changed))
    if "client_number" not in changed:
        _refuse_errors(_number_taken(session, whole, client_id))  # another program may have given its key away
    written = rows.update(session.engine, client_id, version, changed, whole)
    session.landed(written is not None, rules.shown_name(present.values))
    assert written is not None
    return Client(*written)


def _stale(session: Session, present: Client, version: int) -> Stale:
    """What someone else did to a client since it was read at `version`: the history says who made it inactive."""
    name, since = rules.shown_name(present.values), max(present.version - version, 0)
    if not present.active:
        for entry in history.entries(session.engine, "client", str(present.id), since):
            if entry.old.get("status") == "active":
                return Stale(present, name, entry.actor)
    return Stale(present, name)


def set_status(session: Session, client_ids: Sequence[int], active: bool) -> int:
    """Activates or deactivates clients in one change set; how many had the other status.

    Those that have the status already stay as they are, and who was deleted meanwhile is passed over. Refused where
    nobody is left of them ("client_gone"), or where the database does not allow it ("database_forbids").
    """
    return (_activate if active else _deactivate)(session, client_ids)


@changes("client.activated", Action.CHANGE_STATUS)
def _activate(session: Session, client_ids: Sequence[int]) -> int:
    return _give_status(session, client_ids, "active")


@changes("client.deactivated", Action.CHANGE_STATUS)
def _deactivate(session: Session, client_ids: Sequence[int]) -> int:
    return _give_status(session, client_ids, "inactive")


def _give_status(session: Session, client_ids: Sequence[int], status: str) -> int:
    changed = rows.set_status(session.engine, client_ids, status)
    if changed < len(client_ids):
        there = listing.rows(session.engine, client_ids, ("display_name",))
        if client_ids and not there:
            raise _gone(session, client_ids[0])
        for _client_id, present, (name,) in there:
            session.landed(present == status, rules.shown_name({"display_name": name}))
    return changed


@reads
def deletion_conditions(session: Session, client_id: int) -> tuple[Condition, ...]:
    """The three preconditions of deleting a client permanently, as they stand now."""
    return conditions(session.me.access, _get(session, client_id).values)


@changes("client.deleted", None)
def delete(session: Session, client_id: int, version: int) -> None:
    """Deletes a client permanently; its history stays.

    Refused with every precondition that is not met; raises Stale as `edit` does.
    """
    present = _get(session, client_id)
    missing = [each for each in conditions(session.me.access, present.values) if not each.met]
    if missing:
        reasons = " ".join(f"{each.sentence} ✗ {each.advice}" for each in missing)
        raise refuse("delete_refused", name=rules.shown_name(present.values), reasons=reasons)
    if present.version != version:
        raise _stale(session, present, version)
    session.landed(rows.delete(session.engine, client_id, version), rules.shown_name(present.values))
