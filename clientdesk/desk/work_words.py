"""What the history calls the fields of a work: states by their names, and roles as the template calls them."""

from collections.abc import Mapping

from clientdesk.desk.session import Session
from clientdesk.domain.kept_templates import roles_from, states_from
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.work_templates import all_states
from clientdesk.store import work_rows
from clientdesk.store.entity import Attribute
from clientdesk.store.work_entities import WORK


def attributes_by_template(session: Session) -> dict[str, Mapping[str, Attribute]]:
    """The attributes of a work by the id of its template, as a text."""
    return {
        str(row.id): _worded(str(row.values["states"]), str(row.values["roles"]))
        for row in work_rows.rows(session.engine, "template")
    }


def template_of(key: Key) -> str:
    """The id of the template, as a text, that a work with this key is of; "" for what is no such key."""
    parts = key.split("/")
    return parts[1] if len(parts) == len(WORK.identity) else ""


def _worded(states: str, roles: str) -> Mapping[str, Attribute]:
    attributes = dict(WORK.by_name)
    words: dict[Value, str] = {state.number: state.name for state in all_states(states_from(states))}
    attributes["state"] = attributes["state"]._replace(words={**words, **attributes["state"].words})
    for role in roles_from(roles):
        attributes[f"who{role.number}"] = attributes[f"who{role.number}"]._replace(label=role.name)
    return attributes
