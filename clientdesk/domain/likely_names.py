"""Which names a sentence tells of on one that there is not."""

from collections.abc import Iterable

from clientdesk.text import _, whole_number

_ALL = 30
"""So many names are told as they are; of more of them, those that are most like what was typed."""
_LIKELY = 6


def likely_names(typed: str, names: Iterable[str]) -> str:
    """The names that there are, one after the other: all of a few, of many those that look like what was typed (else the
    first ones), and how many there are."""
    known = list(names)
    if len(known) <= _ALL:
        return ", ".join(known)
    from difflib import get_close_matches  # what fails may take longer

    from clientdesk.domain.fold import fold

    by_fold = {fold(name): name for name in reversed(known)}
    likely = [by_fold[key] for key in get_close_matches(fold(typed), by_fold, _LIKELY)] or known[:_LIKELY]
    return _("{names} … ({count} in all)").format(names=", ".join(likely), count=whole_number(len(known)))
