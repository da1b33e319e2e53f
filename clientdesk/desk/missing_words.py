"""Why a client is missing, in words: the same on the screen and on the command line. All of it is safe to show."""

import os

from clientdesk.desk.missing_causes import (
    Answer,
    Called,
    Cause,
    Elsewhere,
    Gone,
    Hidden,
    Hiding,
    Inactive,
    Listed,
    Near,
    NeverSeen,
    NotLooked,
    RefusedRow,
    Renamed,
    Unread,
)
from clientdesk.domain.filter_words import Names, in_words
from clientdesk.domain.filters import ACTIVE
from clientdesk.domain.views import View
from clientdesk.text import _, display_text, listed, local_time, ngettext, shortened, whole_number

_LONGEST = 80
"""So many characters of a name are told in a sentence."""


def code(cause: Cause) -> str:
    """A stable word for a kind of cause, for programs."""
    match cause:
        case Gone(firm=firm, undone=undone):
            return "moved" if firm else "taken_back" if undone else "deleted"
        case _:
            return _CODES[type(cause)]


_CODES: dict[type, str] = {
    Listed: "listed",
    Hidden: "hidden",
    Inactive: "inactive",
    Renamed: "renamed",
    Near: "near",
    RefusedRow: "refused",
    Elsewhere: "elsewhere",
    NotLooked: "not_looked",
    Unread: "unread",
    NeverSeen: "never_seen",
}


def subject(cause: Cause) -> str:
    """What a cause is about: the client, the row, the firm; "" for nothing."""
    match cause:
        case NeverSeen():
            return ""
        case NotLooked(locations=locations):
            return _shown(listed(locations))
        case Unread(location=location):
            return _shown(location)
        case RefusedRow(cells=cells):
            return _shown(cells)
        case _:
            return called(cause.client)


def called(client: Called) -> str:
    """A client by number and name: the number stands where a narrow line cuts nothing."""
    return " · ".join(filter(None, (_shown(client.number), _shown(client.name))))


def _shown(text: str) -> str:
    return display_text(shortened(text, _LONGEST))


def sentence(cause: Cause, find: str, names: Names, view: View | None = None) -> str:
    """Why the client is not in the list, in which `find` is looked for; `names` are of what filters refer to, `view` is
    the one that is shown."""
    match cause:
        case Listed():
            return _("It is in the list.")
        case Hidden(hiding=hiding):
            return _hidden(hiding, find, names, view)
        case Inactive():
            return _inactive(cause, find, names, view)
        case Renamed():
            return _renamed(cause, find, names, view)
        case Near():
            return _near(cause, find, names, view)
        case Gone():
            return _gone(cause)
        case RefusedRow():
            return _refused(cause)
        case Elsewhere(firm=firm, location=location):
            text = _("It is in another firm of yours: {firm} ({place}).")
            return text.format(firm=_shown(firm), place=display_text(location))
        case NotLooked(locations=locations):
            text = ngettext("A firm on a server or a network was not looked through: {places}.",
                            "{count} firms on a server or a network were not looked through: {places}.", len(locations))  # fmt: skip
            return text.format(count=len(locations), places=display_text(listed(locations)))
        case Unread(problem=problem):
            return _("This firm was not looked through. {reason}").format(reason=problem.message)
        case NeverSeen():
            return _never(cause)


def brief(cause: Cause, find: str, names: Names, view: View | None = None) -> str:
    """The same for a narrow line."""
    match cause:
        case Listed():
            return _("in the list")
        case Hidden(hiding=hiding):
            if view is not None and is_hidden_by_view(hiding, view):
                return _("hidden by the view “{view}”").format(view=_shown(view.name))
            return _("hidden by {what}").format(what=listed(_what_hides(hiding, find, names)))
        case Inactive(at=at):
            return _("inactive since {day}").format(day=local_time(at)[:10]) if at else _("inactive")
        case Renamed(was=was):
            return _("was called “{name}”").format(name=_shown(was))
        case Near(by_number=by_number):
            return _("a number that is nearly it") if by_number else _("nearly so called")
        case Gone(at=at, firm=firm, undone=undone):
            text = _("moved to {firm}") if firm else _("undone on {day}") if undone else _("deleted on {day}")
            return text.format(firm=_shown(firm), day=local_time(at)[:10])
        case RefusedRow(file=file, line=line):
            return _("refused: {file}, line {line}").format(
                file=_shown(os.path.basename(file)), line=whole_number(line)
            )
        case Elsewhere(firm=firm, location=location):
            place = display_text(os.path.basename(location))
            return _("in {place}: {firm}").format(place=place, firm=_shown(firm))
        case NotLooked() | Unread():
            return _("not looked through")
        case NeverSeen():
            return _("nobody here is called so") if cause.looked_back else _("nobody here was ever called so")


def is_hidden_by_view(hiding: Hiding, view: View) -> bool:
    """Whether a filter, or the search, that hides a client is the view's own. That only active clients are shown makes no
    view."""
    searched = view.query.find.strip()
    return any(on in view.query.filters and on != ACTIVE for on in hiding.filters) or bool(
        hiding.by_search and searched
    )


def _what_hides(hiding: Hiding, find: str, names: Names, view: View | None = None) -> list[str]:
    of_view = () if view is None else [on for on in hiding.filters if on in view.query.filters and on != ACTIVE]
    words = [f"“{display_text(in_words(on, names))}”" for on in hiding.filters if on not in of_view]
    if hiding.by_search:
        words.append(_("the search “{text}”").format(text=_shown(find.strip())))
    if view is None or not is_hidden_by_view(hiding, view):
        return words
    filters = [f"“{display_text(in_words(on, names))}”" for on in of_view]
    text = _("the view “{view}” ({filters})") if filters else _("the view “{view}”")
    return [text.format(view=_shown(view.name), filters=listed(filters)), *words]


def _hidden(hiding: Hiding, find: str, names: Names, view: View | None) -> str:
    return _("It is hidden by {what}.").format(what=listed(_what_hides(hiding, find, names, view)))


def _inactive(cause: Inactive, find: str, names: Names, view: View | None) -> str:
    if cause.at:
        text = _("It is inactive since {when}, by {who}.").format(when=local_time(cause.at), who=_shown(cause.who))
    else:
        text = _("It is inactive; the history does not say since when.")
    rest = cause.hiding._replace(filters=tuple(on for on in cause.hiding.filters if on.field != "status"))
    also = _what_hides(rest, find, names, view)
    return f"{text} " + _("It is hidden by {what}, too.").format(what=listed(also)) if also else text


def _renamed(cause: Renamed, find: str, names: Names, view: View | None) -> str:
    text = _("It was called “{name}” until {who} changed that on {when}.")
    text = text.format(name=_shown(cause.was), when=local_time(cause.at), who=_shown(cause.who))
    return text + _hidden_too(cause, find, names, view)


def _hidden_too(cause: Renamed | Near, find: str, names: Names, view: View | None) -> str:
    """What hides a client besides, that is not called what was typed, as further sentences; "" for nothing."""
    text = " " + _("It is inactive.") if cause.client.status == "inactive" else ""
    hides = [on for on in cause.hiding.filters if on.field != "status"]
    return f"{text} {_hidden(Hiding(tuple(hides)), find, names, view)}" if hides else text


def _near(cause: Near, find: str, names: Names, view: View | None) -> str:
    if cause.by_number:
        text = _("Its number is nearly the one that was typed.")
    elif not cause.slips:
        text = _("It is called so, but for the company form, signs or the order of its words.")
    else:
        text = ngettext("It is called nearly so: {count} slip apart.",
                        "It is called nearly so: {count} slips apart.", cause.slips).format(count=cause.slips)  # fmt: skip
    return text + _hidden_too(cause, find, names, view)


def _gone(cause: Gone) -> str:
    values = {
        "when": local_time(cause.at),
        "who": _shown(cause.who),
        "firm": _shown(cause.firm),
        "what": cause.undone,
        "number": cause.undone_change,
    }
    if cause.firm:
        text = _("It was moved to {firm} on {when}, by {who}.")
    elif cause.undone:
        text = _("It was taken back by an undo on {when}, by {who}: {what} (change {number}).")
    else:
        text = _("It was deleted permanently on {when}, by {who}.")
    if cause.was:
        before = _("A client that was called “{name}” before:").format(name=_shown(cause.was)) + " "
    else:
        before = _("A client nearly so called:") + " " if cause.is_near else ""
    return before + text.format(**values)


def _refused(cause: RefusedRow) -> str:
    text = _("An import refused it: {file}, line {line}, on {when}, by {who}. {reason}")
    reason = _("Its row cannot be read as it is kept.") if cause.problem is None else cause.problem.message
    file = _shown(os.path.basename(cause.file))
    values = {"file": file, "line": whole_number(cause.line), "when": local_time(cause.at), "who": _shown(cause.who)}
    return text.format(reason=reason, **values)


def _never(looked: NeverSeen) -> str:
    if looked.looked_back:
        text = _(
            "Nobody here is called so, nor was in the last {count} entries of the history. Looked through: {what}."
        )
    else:
        text = _("Nobody here was ever called so. Looked through: {what}.")
    return text.format(count=whole_number(looked.looked_back), what=looked_in_words(looked))


def looked_in_words(looked: NeverSeen) -> str:
    """What was looked through, but for what there is none of."""
    counts = (
        (looked.clients, ngettext("{count} client", "{count} clients", looked.clients)),
        (looked.gone, ngettext("{count} that is gone", "{count} that are gone", looked.gone)),
        (looked.refused, ngettext("{count} refused row", "{count} refused rows", looked.refused)),
        (looked.firms, ngettext("{count} other firm", "{count} other firms", looked.firms)),
    )
    return listed([text.format(count=whole_number(count)) for count, text in counts if count]) or _("no client")


def more_in_words(answer: Answer) -> str:
    """How many further ones there are of each kind, and how to see them; "" where all are told."""
    texts = {
        Listed: ngettext("{count} more in the list", "{count} more in the list", answer.more.get(Listed, 0)),
        Hidden: ngettext("{count} more that is hidden", "{count} more that are hidden", answer.more.get(Hidden, 0)),
        Renamed: ngettext(
            "{count} more that was called so", "{count} more that were called so", answer.more.get(Renamed, 0)
        ),
        Near: ngettext("{count} more nearly so called", "{count} more nearly so called", answer.more.get(Near, 0)),
        Gone: ngettext("{count} more that is gone", "{count} more that are gone", answer.more.get(Gone, 0)),
        RefusedRow: ngettext("{count} more refused row", "{count} more refused rows", answer.more.get(RefusedRow, 0)),
    }
    more = listed([texts[kind].format(count=whole_number(count)) for kind, count in answer.more.items()])
    if not more:
        return ""
    sentence = _("At least {more}: type more of it.") if answer.are_at_least else _("{more}: type more of it.")
    return sentence.format(more=more)
