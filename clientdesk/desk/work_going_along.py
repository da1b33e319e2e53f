"""What of clients' work goes along when they are deleted permanently: counted, and in a sentence."""

from collections.abc import Sequence
from typing import NamedTuple

from clientdesk.desk.session import Session, reads
from clientdesk.store import work_rows
from clientdesk.text import _, listed, ngettext, whole_number

_AT_ONCE = 1_000


class GoingAlong(NamedTuple):
    """So many works that somebody has touched, accounts, and items that one client alone has."""

    works: int = 0
    accounts: int = 0
    items: int = 0

    @property
    def sentence(self) -> str:
        """What goes along, in the person's language; "" for nothing."""
        counts = (
            (ngettext("{n} work", "{n} works", self.works), self.works),
            (ngettext("{n} account", "{n} accounts", self.accounts), self.accounts),
            (ngettext("{n} item of its own", "{n} items of its own", self.items), self.items),
        )
        words = [text.format(n=whole_number(n)) for text, n in counts if n]
        return _("The work goes along ({what}).").format(what=listed(words)) if words else ""


@reads
def going_along(session: Session, client_ids: Sequence[int]) -> GoingAlong:
    """What of the work of clients goes along with them."""
    works = accounts = items = 0
    for start in range(0, len(client_ids), _AT_ONCE):
        counts = work_rows.count_going_along(session.engine, client_ids[start : start + _AT_ONCE])
        works += counts.get("work", 0)
        accounts += counts.get("client_account", 0)
        items += counts.get("template_item", 0)
    return GoingAlong(works, accounts, items)
