"""Whether the index of the firm's own fields is what the clients have in them, and each value what its field may have."""

from collections.abc import Iterator

from clientdesk.desk.records import Finding
from clientdesk.desk.session import Session
from clientdesk.domain import own_value_rules
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_values import unpacked
from clientdesk.domain.rules import called
from clientdesk.store import firm, own_values
from clientdesk.text import N_, _, display_text, ngettext, whole_number

_MOST = 20
"""So many clients are told one by one."""
_WELL = N_("What clients have in the firm's own fields is indexed, and fits its fields.")
_REPAIR = N_("Change a field of the client in clientdesk, or put a backup back (clientdesk firm restore BACKUP).")


def own_value_findings(session: Session) -> Iterator[Finding]:
    """What `check` says of the firm's own fields."""
    odd = 0
    members = frozenset(firm.called_by_id(session.engine))
    for client in own_values.all_of(session.engine):
        sentence = _wrong(session, client, members)
        if sentence is None:
            continue
        odd += 1
        if odd <= _MOST:
            who = _("Client “{name}” ({company_id})").format(
                name=called(client.name), company_id=display_text(client.company_id)
            )
            yield Finding("own", False, f"{who}: {sentence} {_(_REPAIR)}")
    if odd > _MOST:
        more = ngettext("And {n} more client.", "And {n} more clients.", odd - _MOST)
        yield Finding("own", False, more.format(n=whole_number(odd - _MOST)))
    if not odd and (
        session.catalogue.own.keys() != {TAGS} or session.catalogue.known(TAGS) in session.catalogue.fields
    ):
        yield Finding("own", True, _(_WELL))


def _wrong(session: Session, client: own_values.WithOwn, members: frozenset[int]) -> str | None:
    if client.indexed != client.expected:
        return _("what the index says of the own fields is not what stands there.")
    for name, value in unpacked(client.own).items():
        field = session.catalogue.known(name)
        if field is None:
            return _("a field has a value that the firm does not have.")
        if wrong := own_value_rules.wrong(field._replace(required=False), value, members, retired=True):
            return wrong.message
    return None
