"""The words around the client list: how many, which filters are on, why it is empty."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from clientdesk.desk.records import Totals
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import NO_NAMES, Names, in_words
from clientdesk.domain.filters import ACTIVE, Filter
from clientdesk.domain.pricing_plan_steps import ON_PLAN
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import first_key as first_key
from clientdesk.ui.widgets.bars import Part


def filters_in_words(query: ClientQuery, names: Names) -> list[str]:
    """The filters that a fresh list has not (data in them is not made safe yet); `names` are of what they refer to."""
    filters = [in_words(on, names) for on in query.filters if on != ACTIVE]
    if query.filter_of(ACTIVE.field) is None:
        filters.append(_("active and inactive"))
    if query.find.strip():
        filters.append(_("find “{text}”").format(text=query.find.strip()))
    return filters


_WHOLE = 44
"""A filter of so many cells is told whole or not at all: half of it says another one."""


class Said(NamedTuple):
    """What else the status line says: about the marks, and in which fields something was found; with the names of what
    the filters refer to."""

    marks: str = ""
    found_parts: Sequence[Part] = ()
    names: Names = NO_NAMES


def status_parts(
    query: ClientQuery, count: int | None, totals: Totals | None, columns: Sequence[str], said: Said
) -> list[Part]:
    """The status line: how many of how many, what is `said`, the filters, and an order whose column is not among the
    visible `columns`. The filters stand in the bar above as well: they are the first to be cut."""
    left: list[Part] = []
    if totals is not None:
        # Clients may have come since they were counted all.
        total = max(totals.all, count or 0)
        everything = whole_number(total)
        if count is None:
            sentence = ngettext("… of {all} client", "… of {all} clients", total)
            left.append(Part(sentence.format(all=everything), "plain", keep=2))
        elif count == total:
            left.append(Part(ngettext("{all} client", "{all} clients", count).format(all=everything), "plain", keep=2))
        else:
            sentence = ngettext("{count} of {all} client", "{count} of {all} clients", total)
            left.append(Part(sentence.format(count=whole_number(count), all=everything), "plain", keep=2))
    if said.marks:
        left.append(Part(" · " + said.marks, "accent", keep=4))
    left += said.found_parts
    for text in filters_in_words(query, said.names):
        left.append(Part(" · " + text, least=min(cell_len(display_text(text)) + 3, _WHOLE)))
    if columns and query.sort_field not in columns:
        arrow = "▾" if query.descending else "▴"
        left.append(
            Part(
                " · " + _("by {column}").format(column=said.names.catalogue.field(query.sort_field).title) + f" {arrow}"
            )
        )
    return left


def notices(limit: int | None, totals: Totals | None) -> list[str]:
    """That QuickBooks Online Accountant would be full by now: in a sentence, and shorter. None below `limit`."""
    if limit is None or totals is None or totals.all < limit:
        return []
    sentences = (_("QuickBooks Online Accountant holds {count} clients"), _("QuickBooks holds {count}"))
    return [sentence.format(count=whole_number(limit)) for sentence in sentences]


Lifted = Filter | None
"""What is taken off a list: a filter, or (None) the search."""


def wider(query: ClientQuery) -> dict[Lifted, ClientQuery]:
    """The lists that an empty one is told to be without one of its filters, or the search. Where there is only one beside
    that the clients are active, the list without it is the first one."""
    others: dict[Lifted, ClientQuery] = {on: query.without_filter(on) for on in query.filters if on != ACTIVE}
    if query.find.strip():
        others[None] = query._replace(find="")
    lists = others if len(others) > 1 else {}
    return {**lists, ACTIVE: query.without_filter(ACTIVE)} if others and ACTIVE in query.filters else lists


def why_empty(
    query: ClientQuery,
    totals: Totals | None,
    without: Mapping[Lifted, int],
    finding: bool = False,
    names: Names = NO_NAMES,
) -> list[str]:
    """Why the list is empty, and what to do about it; a line each. So many clients it has `without` one of its filters, or
    the search.

    With `finding`, the way to clear leads from Find back to the list.
    """
    if totals is None:
        return []
    if totals.all == 0:
        add = _("{add} adds one; {file} imports a list.")
        return [_("No clients yet."), "", add.format(add=first_key("client.add"), file=first_key("import.open"))]
    if query.filters == ON_PLAN.filters and not query.find.strip():
        add = _("{key} puts a client on the firm's plan.").format(key=first_key("plan.add"))
        return [_("No client is on the firm's plan."), "", add]
    if filters := filters_in_words(query, names):
        all_off = _without(query, len(filters), totals.active)
        clear = _clears(query, len(filters), finding)
        return [
            _("No client matches: {filters}").format(filters=display_text(" · ".join(filters))),
            "",
            *_one_off(without, names),
            f"{all_off} {clear}",
            *([_inactive_too(inactive)] if (inactive := without.get(ACTIVE, 0)) else []),
            _tells_why(finding),
        ]
    return [_("No active clients."), "", _("{key} shows the inactive ones.").format(key=first_key("list.status"))]


def _without(query: ClientQuery, filters: int, active: int) -> str:
    """How many clients the list has without what is searched and filtered."""
    if not query.find.strip():
        sentence = ngettext("Without the filters: {count} active client.",
                            "Without the filters: {count} active clients.", active)  # fmt: skip
    elif filters == 1:
        sentence = ngettext("Without the search: {count} active client.",
                            "Without the search: {count} active clients.", active)  # fmt: skip
    else:
        sentence = ngettext("Without search and filters: {count} active client.",
                            "Without search and filters: {count} active clients.", active)  # fmt: skip
    return sentence.format(count=whole_number(active))


def _one_off(without: Mapping[Lifted, int], names: Names) -> list[str]:
    """How many clients the list has without each of its filters, and the keys that take one off; a line each."""
    lines = []
    for on, count in without.items():
        if not count or on == ACTIVE:
            continue
        if on is None:
            sentence = ngettext("Without the search: {count} client.", "Without the search: {count} clients.", count)
            lines.append(sentence.format(count=whole_number(count)))
        else:
            sentence = ngettext("Without “{filter}”: {count} client.", "Without “{filter}”: {count} clients.", count)
            lines.append(sentence.format(filter=display_text(in_words(on, names)), count=whole_number(count)))
    if not lines:
        return []
    keys = {"filters": first_key("list.filters"), "off": first_key("filters.remove")}
    return [*lines, _("{filters} goes to the filters, {off} takes one off.").format(**keys), ""]


def _clears(query: ClientQuery, filters: int, finding: bool) -> str:
    """Which key takes off what is searched and filtered; from Find, after which other one."""
    back, key = first_key("find.list"), first_key("list.clear")
    if not finding:
        sentence = _("{key} clears {what}.")
    elif back == key:
        sentence = _("{key} goes back, again clears {what}.")
    else:
        sentence = _("{back} goes back, then {key} clears {what}.")
    what = _("the filters")
    if query.find.strip():
        what = _("the search") if filters == 1 else _("search and filters")
    return sentence.format(back=back, key=key, what=what)


def _tells_why(finding: bool) -> str:
    """The key that tells why a client is not in the list; from Find, after which other one."""
    sentence = _("{key} tells why a client is missing.")
    if finding:
        sentence = _("{back} goes back, then {key} tells why a client is missing.")
    return sentence.format(back=first_key("find.list"), key=first_key("missing.open"))


def what_helps(query: ClientQuery, totals: Totals | None) -> str:
    """What brings clients into an empty list."""
    if totals is not None and totals.all == 0:
        return _("{add} adds one.").format(add=first_key("client.add"))
    if query.filters == ON_PLAN.filters and not query.find.strip():
        return _("{add} puts one on the plan.").format(add=first_key("plan.add"))
    if query.filtered:
        return _("{key} takes the search and the filters off.").format(key=first_key("list.clear"))
    return _("{key} shows the inactive ones.").format(key=first_key("list.status"))


def _inactive_too(count: int) -> str:
    """That inactive clients match, and the key that shows them."""
    sentence = ngettext("{count} inactive client matches: {key} shows it.",
                        "{count} inactive clients match: {key} shows them.", count)  # fmt: skip
    return sentence.format(count=whole_number(count), key=first_key("list.status"))
