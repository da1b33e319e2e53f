"""The heads of histories that you have seen: by them is known that a chain was shortened or replaced.

Whoever can write to a firm can take its newest change sets away and leave a chain that holds. So where it ended when
you looked is kept beside your own settings: by the firm's uid, and for each place where the firm stands, as a copy that
was taken along goes on by itself.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from clientdesk.desk.session import Session, reads
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.folders import heads_path
from clientdesk.state_files import alone, read_json, write_json
from clientdesk.store import seals, transfers
from clientdesk.store.seals import Head
from clientdesk.text import _, display_text, local_time, ngettext

_NUMBERS = range(-(2**63), 2**63)
"""What a change set's number can be in a database."""


class SeenHead(NamedTuple):
    """A head that you have seen, and when (ISO 8601, UTC)."""

    head: Head
    at: str


Places = Mapping[str, SeenHead]
"""What was seen of one firm, by the places where it stood."""


class _SeenHeads(NamedTuple):
    """All that was seen, by the firms' uids; and why something of it cannot be read, "" where all can."""

    firms: Mapping[str, Places]
    unread: str = ""


class Verdict(NamedTuple):
    """Whether the history goes on from where you saw it end, and a sentence about that."""

    sound: bool
    sentence: str


@reads
def verdict(session: Session) -> Verdict:
    """Whether the history goes on from where you saw it end; nothing is kept by looking."""
    engine = session.engine
    (firms, unread), uid, place = _read(), transfers.uid(engine), _place(session.location)
    head = seals.head(engine)
    if head is None:
        return Verdict(False, _("No history is left; put a backup back (clientdesk firm restore BACKUP)."))
    places = firms.get(uid, {})
    moved = [(old, seen_there) for old, seen_there in places.items() if _is_gone(old)]
    seen_in, seen = max(moved, key=lambda place_and_seen: place_and_seen[1].at, default=(place, None))
    if place in places:
        seen_in, seen = place, places[place]
    if seen is not None and not seals.holds(engine, seen.head):
        return Verdict(False, _lost(session, seen, head, "" if seen_in == place else seen_in))
    if (
        seen is None
        and (other_firm := _other_firm(firms, uid, place)) is not None
        and seals.began(engine) < other_firm.at
    ):
        sentence = _("The firm's identity is another one than when you looked on {when}. {cure}")
        return Verdict(False, sentence.format(when=_when(other_firm.at), cure=_cure()))
    sentence = _("The history ends with change set {number}, seal {seal}.")
    verdict = sentence.format(number=head.number, seal=display_text(head.seal))
    for old, seen_there in places.items() if seen is None else ():
        if not seals.holds(engine, seen_there.head):
            copied = _("It is a copy: in {place} you saw change set {number} on {when}.")
            shown = display_text(old)
            verdict += " " + copied.format(place=shown, number=seen_there.head.number, when=_when(seen_there.at))
            break
    if (since := _restored_since(session, seen)) is not None:
        verdict += " " + _put_back(since, since.left.number)
    if unread:
        sentence = _("What you saw of histories before cannot all be read ({path}: {reason}).")
        verdict += " " + sentence.format(path=display_text(heads_path()), reason=display_text(unread))
    return Verdict(True, verdict)


def warnings(session: Session) -> tuple[Problem, ...]:
    """What whoever opens the firm should know: whether its history goes on from where you saw it end."""
    with suppress(Refused):  # what cannot be read now says so itself, to whoever wants to see it
        if not verdict(session).sound:
            return (problem("history_cut", firm=session.firm.name),)
    return ()


@reads
def keep(session: Session) -> str:
    """Keeps where the history ends now; "" or why it cannot be kept."""
    head = seals.head(session.engine)
    if head is None:
        return ""
    seen, uid, place = SeenHead(head, now()), transfers.uid(session.engine), _place(session.location)
    try:
        with alone(heads_path()):
            firms = {firm_uid: dict(places) for firm_uid, places in _read().firms.items()}
            for places in firms.values():
                places.pop(place, None)
            firms.setdefault(uid, {})[place] = seen
            _write({firm_uid: places for firm_uid, places in firms.items() if places})
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _lost(session: Session, seen: SeenHead, head: Head, elsewhere: str) -> str:
    """What became of a head that is not in the chain any more; `elsewhere` is where it was seen, "" where it is here."""
    for restored in seals.restored(session.engine):
        reached = restored.left.number or seen.head.number  # nothing stood there any more
        if restored.taken.number < seen.head.number <= reached:
            return f"{_put_back(restored, reached)} {_cure()}"
    when = _when(seen.at)
    if elsewhere:
        when = _("{when} in {place}").format(when=when, place=display_text(elsewhere))
    if head.number < seen.head.number:
        sentence = _("The history ends with change set {number}; on {when} you saw it reach {reached}. {cure}")
    else:
        sentence = _("Change set {reached} is another one than you saw on {when}: the history was replaced. {cure}")
    return sentence.format(number=head.number, when=when, reached=seen.head.number, cure=_cure(True))


def _restored_since(session: Session, seen: SeenHead | None) -> seals.Restored | None:
    """The latest time a backup was put back behind what you saw; None where that never was, or took nothing away."""
    latest = next(iter(seals.restored(session.engine)), None)
    if latest is None or latest.left.number <= latest.taken.number:
        return None
    return latest if seen is None or latest.number > seen.head.number else None


def _put_back(restored: seals.Restored, reached: int) -> str:
    """Who put a backup back, when, and what is gone by it: the change sets up to the one that was `reached`."""
    sentence = ngettext(
        "{who} put a backup back on {when}: change set {last} of before is gone.",
        "{who} put a backup back on {when}: change sets {first} to {last} of before are gone.",
        reached - restored.taken.number,
    )
    return sentence.format(
        who=display_text(restored.who), when=_when(restored.at), first=restored.taken.number + 1, last=reached
    )


def _cure(backup: bool = False) -> str:
    keeping = _("“clientdesk check --accept-head” keeps it as it is now.")
    if not backup:
        return keeping
    return _("Put a backup back (clientdesk firm restore BACKUP); {keeping}").format(keeping=keeping)


def _place(location: str) -> str:
    """Where a firm stands, however its path is written."""
    return location if "://" in location else os.path.realpath(location)


def _is_gone(place: str) -> bool:
    """Whether nothing stands any more where a file was seen, or its folder is gone, too: whoever has the firm now has
    moved it. Of a server, and where nobody may look, that is not known."""
    if "://" in place:
        return False
    try:
        os.stat(place)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _when(at: str) -> str:
    try:
        return local_time(at)
    except (ValueError, OverflowError):  # somebody has written something else there
        return display_text(at)


def _other_firm(firms: Mapping[str, Places], uid: str, place: str) -> SeenHead | None:
    """What was seen of a firm with another uid in the same place."""
    return next((places[place] for firm_uid, places in firms.items() if firm_uid != uid and place in places), None)


def _read() -> _SeenHeads:
    """What the file holds; whatever in it is not as the program writes it counts as not seen."""
    try:
        content = read_json(heads_path())
    except FileNotFoundError:
        return _SeenHeads({})
    except OSError as error:
        return _SeenHeads({}, error.strerror or str(error))
    except (ValueError, RecursionError):
        return _SeenHeads({}, _("it is no file that the program has written"))
    firms: dict[str, dict[str, SeenHead]] = {}
    odd = not isinstance(content, dict)
    for uid, places in content.items() if isinstance(content, dict) else ():
        odd = odd or not isinstance(places, dict)
        for place, entry in places.items() if isinstance(places, dict) else ():
            match entry:
                case [int(number), str(seal), str(at)] if number in _NUMBERS and not isinstance(number, bool):
                    firms.setdefault(uid, {})[place] = SeenHead(Head(number, seal), at)
                case _:
                    odd = True
    return _SeenHeads(firms, _("not everything in it was written by the program") if odd else "")


def _write(firms: Mapping[str, Places]) -> None:
    """Writes all that was seen, whole or not at all. Raises OSError."""
    content = {uid: {place: [*seen.head, seen.at] for place, seen in places.items()} for uid, places in firms.items()}
    write_json(heads_path(), content)
