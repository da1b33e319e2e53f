"""What the history calls the fields of a work: states by their names, and roles as the template calls them."""

from collections.abc import Mapping

from clientdesk.desk.session import Session
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.work_templates import WorkTemplate
from clientdesk.store import work_templates
from clientdesk.store.entity import Attribute
from clientdesk.store.work_entities import WORK


def attributes_by_template(session: Session) -> dict[str, Mapping[str, Attribute]]:
    """The attributes of a work by the id of its template, as a text."""
    return {str(template.id): _worded(template) for template in work_templates.templates(session.engine)}


def template_of(key: Key) -> str:
    """The id of the template, as a text, that a work with this key is of; "" for what is no such key."""
    parts = key.split("/")
    return parts[1] if len(parts) == len(WORK.identity) else ""


def _worded(template: WorkTemplate) -> Mapping[str, Attribute]:
    attributes = dict(WORK.by_name)
    words: dict[Value, str] = {state.number: state.name for state in template.states}
    attributes["state"] = attributes["state"]._replace(words={**words, **attributes["state"].words})
    for role in template.roles:
        attributes[f"who{role.number}"] = attributes[f"who{role.number}"]._replace(label=role.name)
    return attributes
