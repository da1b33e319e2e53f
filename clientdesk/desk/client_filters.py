"""Filters of the list for the one who asks: which names they may have, and what they say today."""

from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import BY_DISPLAY_NAME, ClientQuery
from clientdesk.domain.fields import Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import first_wrong
from clientdesk.domain.problems import Refused
from clientdesk.store import firm


def asked(session: Session, query: ClientQuery) -> ClientQuery:
    """The query as the store is asked: what stands for you, or for a day, is that now. Refused where a filter makes no
    sense."""
    why = first_wrong(query.filters, session.catalogue)
    if why is not None:
        raise Refused(why)
    if any(key.field not in session.catalogue.by_name for key in query.sort):  # an own field that was retired meanwhile
        known = tuple(key for key in query.sort if key.field in session.catalogue.by_name)
        query = query._replace(sort=known or (BY_DISPLAY_NAME,))
    if not any(value.startswith("@") for on in query.filters for value in on.value):
        return query
    from clientdesk.domain.moments import resolved  # most lists have none

    return query._replace(filters=resolved(query.filters, session.catalogue, session.me.id, session.today()))


@reads
def names(session: Session) -> Names:
    """The names of all that a filter may refer to: client types, and team members, inactive ones too."""
    members = {str(member_id): called.name for member_id, called in firm.called_by_id(session.engine).items()}
    return _names(session, members)


@reads
def choices(session: Session) -> Names:
    """The names that a filter is offered, sorted: client types; active members, and inactive ones who still lead."""
    leads = {str(member_id): name for member_id, name in firm.leads_by_id(session.engine).items()}
    return _names(session, leads)


def _names(session: Session, members: dict[str, str]) -> Names:
    """The names of client types and of these members, for the lead and for each own field that names one."""
    own = {field.name: members for field in session.catalogue.own.values() if field.kind is Kind.MEMBER}
    if session.catalogue.of_work:
        own["who"] = members
    return Names(session.catalogue, {"client_type": _types(session), "lead": members, **own})


MOST_VALUES = 200
"""So many values of a field are told at most, the most frequent ones."""


@reads
def values(session: Session, query: ClientQuery, field: str) -> list[tuple[str, int]]:
    """The values that a field has in the list, as filters hold them, and how many clients have each; the most frequent
    first, at most MOST_VALUES."""
    from clientdesk.store import client_values

    return client_values.values(session.engine, asked(session, query), field, MOST_VALUES)


def _types(session: Session) -> dict[str, str]:
    return {str(type_id): name for type_id, name in firm.types_by_id(session.engine).items()}
