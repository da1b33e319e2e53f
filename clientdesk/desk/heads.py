"""The heads of histories that you have seen: by them is known that a chain was shortened or replaced.

Whoever can write to a firm can take its newest change sets away and leave a chain that holds. So where it ended when
you looked is kept beside your own settings: by the firm's uid, and for each place where the firm stands, as a copy that
was taken along goes on by itself.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from clientdesk.config import heads_path
from clientdesk.desk.session import Session, reads
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.store import chain, transfers
from clientdesk.store.chain import Head
from clientdesk.text import _, display_text, local_time, ngettext


class Seen(NamedTuple):
    """A head that you have seen, and when (ISO 8601, UTC)."""

    head: Head
    at: str


Places = Mapping[str, Seen]
"""What was seen of one firm, by the places where it stood."""


class Verdict(NamedTuple):
    """Whether the history goes on from where you saw it end, and a sentence about that."""

    sound: bool
    sentence: str


@reads
def look(session: Session) -> Verdict:
    """Whether the history goes on from where you saw it end; nothing is kept by looking."""
    engine = session.engine
    known, uid, place = _read(), transfers.uid(engine), _place(session.location)
    head = chain.head(engine)
    if head is None:
        return Verdict(False, _("No history is left; put a backup back (clientdesk firm restore BACKUP)."))
    places = known.get(uid, {})
    seen = places.get(place) or next((each for old, each in places.items() if _has_moved(old)), None)
    if seen is not None and not chain.holds(engine, seen.head):
        return Verdict(False, _lost(session, seen, head))
    if seen is None and (other := _other_firm(known, uid, place)) is not None and chain.began(engine) < other.at:
        sentence = _("The firm's identity is another one than when you looked on {when}. {cure}")
        return Verdict(False, sentence.format(when=_when(other.at), cure=_cure()))
    sentence = _("The history ends with change set {number}, seal {seal}.")
    told = sentence.format(number=head.number, seal=display_text(head.seal))
    for old, each in places.items() if seen is None else ():
        if not chain.holds(engine, each.head):
            copied = _("It is a copy: in {place} you saw change set {number} on {when}.")
            shown = display_text(old)
            told += " " + copied.format(place=shown, number=each.head.number, when=_when(each.at))
            break
    return Verdict(True, told)


def warnings(session: Session) -> tuple[Problem, ...]:
    """What whoever opens the firm should know: whether its history goes on from where you saw it end."""
    with suppress(Refused):  # what cannot be read now says so itself, to whoever wants to see it
        if not look(session).sound:
            return (problem("history_cut", firm=session.firm.name),)
    return ()


@reads
def keep(session: Session) -> str:
    """Keeps where the history ends now; "" or why it cannot be kept."""
    head = chain.head(session.engine)
    if head is None:
        return ""
    known = {uid: dict(places) for uid, places in _read().items()}
    place = _place(session.location)
    for places in known.values():
        places.pop(place, None)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    places = known.setdefault(transfers.uid(session.engine), {})
    places[place] = Seen(head, now)
    return _write({uid: places for uid, places in known.items() if places})


def _lost(session: Session, seen: Seen, head: Head) -> str:
    """What became of a head that is not in the chain any more."""
    for each in chain.restored(session.engine):
        reached = each.left.number or seen.head.number  # nothing stood there any more
        if each.taken.number < seen.head.number <= reached:
            sentence = ngettext(
                "{who} put a backup back on {when}: change set {last} of before is gone. {cure}",
                "{who} put a backup back on {when}: change sets {first} to {last} of before are gone. {cure}",
                reached - each.taken.number,
            )
            return sentence.format(
                who=display_text(each.who),
                when=_when(each.at),
                first=each.taken.number + 1,
                last=reached,
                cure=_cure(),
            )
    when = _when(seen.at)
    if head.number < seen.head.number:
        sentence = _("The history ends with change set {number}; on {when} you saw it reach {reached}. {cure}")
    else:
        sentence = _("Change set {reached} is another one than you saw on {when}: the history was replaced. {cure}")
    return sentence.format(number=head.number, when=when, reached=seen.head.number, cure=_cure(True))


def _cure(backup: bool = False) -> str:
    keeping = _("“clientdesk check --accept-head” keeps it as it is now.")
    if not backup:
        return keeping
    return _("Put a backup back (clientdesk firm restore BACKUP); {keeping}").format(keeping=keeping)


def _place(location: str) -> str:
    """Where a firm stands, however its path is written."""
    return location if "://" in location else os.path.realpath(location)


def _has_moved(place: str) -> bool:
    """Whether a file that was seen is gone from its folder; of a server, or where the folder is away, too, that is
    not known."""
    return "://" not in place and os.path.isdir(os.path.dirname(place)) and not os.path.exists(place)


def _when(at: str) -> str:
    try:
        return local_time(at)
    except ValueError:  # somebody has written something else there
        return display_text(at)


def _other_firm(known: Mapping[str, Places], uid: str, place: str) -> Seen | None:
    """What was seen of a firm with another uid in the same place."""
    return next((places[place] for other, places in known.items() if other != uid and place in places), None)


def _read() -> dict[str, Places]:
    """All that was seen, by the firms' uids; a file that cannot be read tells of nothing."""
    with suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
        with open(heads_path(), encoding="utf-8") as file:
            content = json.load(file)
        return {
            uid: {place: Seen(Head(int(number), str(seal)), str(at)) for place, (number, seal, at) in places.items()}
            for uid, places in content.items()
        }
    return {}


def _write(known: Mapping[str, Places]) -> str:
    """Writes all that was seen, whole or not at all; "" or the reason why it cannot be written."""
    path = heads_path()
    partial = f"{path}.{os.getpid()}"
    content = {uid: {place: [*seen.head, seen.at] for place, seen in places.items()} for uid, places in known.items()}
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            os.remove(partial)
        return error.strerror or str(error)
    return ""
