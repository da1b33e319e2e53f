"""The items that a work had when it was completed, whatever became of its template since."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.session import Session
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.patch import Stored
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.store import work_rows


class ItemsThen:
    """What of a completed work is other than its template says now: it keeps the items that it had when it was completed."""

    def __init__(self, session: Session, of: WorkOf, work: Stored | None, rows: Sequence[Stored]) -> None:
        self._engine = session.engine
        self._at = ""
        """When the work was completed; "" where it is not."""
        self._added_at: Mapping[str, str] = {}
        if work is not None and work.values["state"] == COMPLETED:
            self._at = work_rows.last_set(self._engine, "work", of.key, "state", COMPLETED)
            self._added_at = work_rows.added_at(self._engine, "template_item", [str(row.id) for row in rows])

    def came_behind(self, item_id: int) -> bool:
        """Whether an item was added behind that."""
        return bool(self._at) and self._added_at.get(str(item_id), "") > self._at

    def kept(self, entity: str, row_id: int) -> bool:
        """Whether a retired item or section was retired behind that."""
        return bool(self._at) and work_rows.last_set(self._engine, entity, str(row_id), "retired", 1) > self._at
