"""What clients have in the firm's own fields: out of the column that has them all, and back into it."""

from collections.abc import Mapping
from typing import Any

from clientdesk.domain.fields import Kind
from clientdesk.domain.own_values import COLUMN, EMPTY, unpacked
from clientdesk.domain.patch import Value as Held
from clientdesk.store import firm
from clientdesk.store.engines import Engine


def spread(engine: Engine, values: dict[str, Held]) -> Mapping[str, str]:
    """Puts a client's own fields, each by its name, in the place of the column that has them all; the names of the team
    members among them, by field."""
    own, fields = values.pop(COLUMN), engine.catalogue.own
    values.update(dict.fromkeys(fields, ""))
    if own == EMPTY:
        return {}
    held = unpacked(own)
    values.update(held)
    of_members = [name for name in held if (field := fields.get(name)) is not None and field.kind is Kind.MEMBER]
    names = member_names(engine) if of_members else {}
    return {name: names[member_id] for name in of_members if (member_id := held[name]) in names}


def member_names(engine: Engine) -> Mapping[Any, str]:
    """The names of the team members by their ids."""
    return engine.remembered(
        "member names", lambda: {member_id: called.name for member_id, called in firm.called_by_id(engine).items()}
    )
