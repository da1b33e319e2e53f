"""The history that a client brings along from another firm: packed when it leaves, read where it is now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clientdesk.desk.change_kinds import title
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.domain.bounds import json_to_keep, parsed
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.fields import Kind
from clientdesk.domain.kept_json import is_past
from clientdesk.domain.own_value_rules import in_words
from clientdesk.store import firm, history, transfers, work_rows
from clientdesk.store.entities import CLIENT
from clientdesk.text import _

REFERENCES = {attribute.name: attribute.refers_to for attribute in CLIENT.attributes if attribute.refers_to}
"""The fields whose values are ids, which mean something else in another firm, with the entity that they refer to: names
are packed in their place."""


_OWN = "own:"
"""What stands before the name of an own field, which has no other one in another firm."""


def _carried(catalogue: Catalogue, name: str) -> str:
    """What a field is called in another firm."""
    field = catalogue.own.get(name)
    return name if field is None else f"{_OWN}{field.label}"


@reads
def pack(session: Session, client_ids: Sequence[int]) -> dict[int, str]:
    """What each of the clients brings along: its history here and before, oldest first, as JSON."""
    engine = session.engine
    pasts = transfers.pasts(engine, client_ids)
    added_in = {client_id: past[0].change_set for client_id, past in pasts.items()}
    before = transfers.brought(engine, added_in)
    names: dict[str, dict[object, str]] = {
        "team_member": {row.id: row.name for row in firm.members(engine)},
        "client_type": {row.id: row.name for row in firm.types(engine)},
    }

    def word(field: str, value: object) -> str:
        if value is None or value == "":
            return ""
        if (own := session.catalogue.own.get(field)) is not None:
            person = names["team_member"].get(value, "") if own.kind is Kind.MEMBER else ""
            return own.display(in_words(own, value if isinstance(value, (str, int)) else "", person))
        if entity := REFERENCES.get(field):
            if value not in names[entity]:
                names[entity][value] = history.name_of(engine, entity, str(value))
            return names[entity][value]
        return str(value)

    def words(values: Mapping[str, object], is_whole_row: bool) -> dict[str, str]:
        texts = {_carried(session.catalogue, field): word(field, value) for field, value in values.items()}
        return {name: value for name, value in texts.items() if value} if is_whole_row else texts

    def entry(past: transfers.Past) -> dict[str, object]:
        old, new = (words(values, past.operation != "update") for values in (past.old, past.new))
        about = {"firm": session.firm.name, "at": past.at, "who": past.who, "kind": past.kind, "note": past.note}
        return {**about, "operation": past.operation, "old": old, "new": new}

    works, packed = _works(session, client_ids), {}
    for client_id in client_ids:
        earlier = _entries(before.get(client_id, "[]")) or []
        own = [(past.change_set, entry(past)) for past in pasts.get(client_id, [])]
        here = sorted([*own, *works.get(client_id, [])], key=lambda numbered: numbered[0])
        packed[client_id] = json_to_keep([*earlier, *(told for _change_set, told in here)])
    return packed


def _works(session: Session, client_ids: Sequence[int]) -> dict[int, list[tuple[int, dict[str, object]]]]:
    """What was done of the work of clients, in words, as work itself stays in its firm: each with the number of its change
    set, oldest first. A field says of which work, and of which item or account it is."""
    from clientdesk.desk.history import readable  # which reads what was carried

    told: dict[int, list[tuple[int, dict[str, object]]]] = {}
    for client_id, entries in work_rows.entries_of_clients(session.engine, client_ids).items():
        client = history.name_of(session.engine, "client", str(client_id))
        for change in readable(session, entries, naming=True):
            about = change.subject.removeprefix(f"{client}, ")
            sides = [
                {
                    f"{_OWN}{about}: {field.label}": value
                    for field, value in side
                    if value or change.operation == "update"
                }
                for side in (
                    [(field, field.old) for field in _told(change)],
                    [(field, field.new) for field in _told(change)],
                )
            ]
            old, new = (
                side if change.operation != other else {}
                for side, other in zip(sides, ("insert", "delete"), strict=True)
            )
            by = {"firm": session.firm.name, "at": change.at, "who": change.who, "kind": change.kind, "note": ""}
            told.setdefault(client_id, []).append(
                (change.change, {**by, "operation": change.operation, "old": old, "new": new})
            )
    return told


_OF_KEYS = frozenset(("client", "template", "period", "item", "account"))


def _told(change: Change) -> list[FieldChange]:
    """The fields of a change of a work that its name does not say already."""
    return [field for field in change.fields if field.field not in _OF_KEYS]


@reads
def unpack(session: Session, client_id: int, change_set: int, skipped: int, limit: int) -> tuple[Change, ...]:
    """The latest changes, behind so many that are `skipped`, that a client brought along when it was added in a change
    set, newest first.

    Their ids are below zero, and whoever made them is named with the firm.
    """
    brought = transfers.arrived(session.engine, client_id, change_set)
    entries = _entries("[]" if brought is None else brought)
    if entries is None:
        sentence = _("What this client brought along from another firm cannot be read as it is kept.")
        if not brought:
            sentence = _("What this client brought along from another firm was erased.")
        return () if skipped else (Change(-1, "", "", "client.received", sentence, "update", ()),)
    return tuple(
        Change(
            -1 - skipped - place,
            entry["at"],
            f"{entry['who']} ({entry['firm']})",
            entry["kind"],
            title(entry["kind"], entry["note"]),
            entry["operation"],
            tuple(_fields(entry["old"], entry["new"])),
        )
        for place, entry in enumerate(entries[::-1][skipped : skipped + limit])
    )


def _entries(text: str) -> list[dict[str, Any]] | None:
    """The entries that a client brought along (JSON); None where that is not what stands there."""
    entries = parsed(text, "array")
    return entries if is_past(entries) else None


def _fields(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[FieldChange]:
    for name in new or old:
        if name.startswith(_OWN):
            label = name.removeprefix(_OWN)
            yield FieldChange(name, label, old.get(name, ""), new.get(name, ""))
            continue
        field = BUILT_IN.by_name.get(name)
        if field is not None:
            was, is_now = (field.display(values[name]) if values.get(name) else "" for values in (old, new))
            yield FieldChange(name, field.title, was, is_now)
