"""The list as plain Python over dictionaries: which clients hold a filter, and in which order they stand."""

from collections.abc import Mapping

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.fold import bare, fold, number_sort, search_text, words
from clientdesk.text import one_line, strip_controls

Values = Mapping[str, str]


def matches(values: Values, on: Filter, names: Names) -> bool:
    """Whether a client with these values (types and people by name) holds a filter."""
    field = names.catalogue.by_name[on.field]
    value, wanted = values[on.field], list(on.value)
    if on.op is Op.EMPTY or on.op is Op.FILLED:
        return (value == "") == (on.op is Op.EMPTY)
    if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER):
        wanted = [names.of(on.field).get(client_id, "?") if client_id else "" for client_id in wanted]
    elif on.op in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
        if not value:
            return False
        if field.ordered == "number":
            value, wanted = number_sort(value), [number_sort(text) for text in wanted]
        if on.op is Op.BEFORE:
            return value < wanted[0]
        if on.op is Op.AFTER:
            return value > wanted[0]
        if field.ordered == "day" and wanted[0] > wanted[1]:
            return not wanted[1] < value < wanted[0]
        return wanted[0] <= value <= wanted[1]
    elif not field.choices:
        plain = fold if field.folded else bare
        typed = [strip_controls(one_line(text) if field.folded else text, keep_lines=True) for text in wanted]
        value, wanted = plain(value), [plain(text) for text in typed]
    if on.op is Op.CONTAINS:
        return wanted[0] in value
    if on.op is Op.STARTS:
        return value.startswith(wanted[0])
    if on.op in (Op.IS, Op.IS_NOT, Op.ONE_OF):
        return (value in wanted) == (on.op is not Op.IS_NOT)
    raise ValueError(on.op)


def listed(everything: Mapping[int, Values], query: ClientQuery, names: Names) -> list[int]:
    """The ids of the clients of a list, in its order."""

    def key(client_id: int, name: str) -> str:
        field, value = BUILT_IN.by_name[name], everything[client_id][name]
        if name == "client_number":
            return number_sort(value)
        return fold(value) if field.folded or field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else value.lower()

    shown = [
        client_id
        for client_id, values in everything.items()
        if all(matches(values, on, names) for on in query.filters)
        and all(word in search_text(values) for word in words(query.find))
    ]
    # Each sort keeps what those before it have made, so the last key comes first.
    sorted_by = [sort_key.field for sort_key in query.sort]
    named = next((sort_key for sort_key in query.sort if sort_key.field == "display_name"), None)
    shown.sort(reverse=named is not None and named.descending)
    if sorted_by != ["client_number"]:
        shown.sort(key=lambda client_id: key(client_id, "display_name"))
    for name, descending in reversed(query.sort):
        shown.sort(key=lambda client_id: key(client_id, name), reverse=descending)
        shown.sort(key=lambda client_id: not everything[client_id][name])
    return shown
