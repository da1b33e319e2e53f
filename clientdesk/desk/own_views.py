"""What a member keeps of views of the list: those that are their own, the order of all, and which are hidden."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from clientdesk.desk.session import Session, keeping
from clientdesk.domain.bounds import json_to_keep
from clientdesk.domain.views import parsed
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import firm as rows

_OWN = "views"
"""The name under which they are kept."""


class OwnViews(NamedTuple):
    """What a member keeps of views: their own ones by number (name, and how the view is kept), the order of all, and the
    hidden ones by key."""

    views: Mapping[int, tuple[str, object]]
    order: tuple[str, ...]
    hidden: frozenset[str]
    next: int
    unread: str = ""
    """What was kept and cannot all be read; "" where it can."""

    def as_kept(self) -> str:
        """As JSON."""
        own = [{"id": number, "name": name, "view": view} for number, (name, view) in self.views.items()]
        kept = {"version": 1, "next": self.next, "views": own, "order": self.order, "hidden": sorted(self.hidden)}
        return json_to_keep(kept)


def own_views(session: Session) -> OwnViews:
    """What you keep of views; what cannot be read is left out."""
    stored = rows.setting(session.engine, session.me.id, _OWN)
    kept: Any = {} if stored is None else parsed(stored)
    entries: Any = kept.get("views", []) if isinstance(kept, dict) else None
    is_whole = isinstance(entries, list)
    own: dict[int, tuple[str, object]] = {}
    for entry in entries if isinstance(entries, list) else []:
        match entry:
            case {"id": int(number), "name": str(name), "view": view} if name and number not in own:
                own[number] = name, view
            case _:
                is_whole = False
    kept = kept if isinstance(kept, dict) else {}
    following = kept.get("next")
    return OwnViews(
        own,
        tuple(_texts(kept.get("order"))),
        frozenset(_texts(kept.get("hidden"))),
        max([following if isinstance(following, int) else 1, *(number + 1 for number in own)]),
        "" if is_whole else str(stored),
    )


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def keep(session: Session, change: Callable[[OwnViews], OwnViews]) -> None:
    """Keeps what `change` makes of what you keep. What cannot be read of it is kept beside."""
    with keeping(session):
        before = own_views(session)
        if before.unread:
            rows.save_setting(session.engine, session.me.id, f"{_OWN}.unread", json.dumps(before.unread))
        rows.save_setting(session.engine, session.me.id, _OWN, change(before).as_kept())
