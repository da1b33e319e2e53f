"""How many items of works are in which state, counted for many clients and periods at once."""

from collections.abc import Collection, Sequence

from peewee import fn

from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine


def counted_states(
    engine: Engine, template_id: int, client_ids: Sequence[int], periods: Sequence[str], item_ids: Collection[int]
) -> dict[tuple[int, str], dict[str, int]]:
    """Of some items, how many are in which state, by client and period: those that somebody has touched."""
    columns = TABLES["work_item"]._meta.columns
    key = (columns["client_id"], columns["period"], columns["state"])
    query = (
        TABLES["work_item"]
        .select(*key, fn.COUNT(columns["item_id"]))
        .where(
            columns["template_id"] == template_id,
            engine.one_of(columns["client_id"], client_ids),
            columns["period"].in_(list(periods)),
            engine.one_of(columns["item_id"], sorted(item_ids)),
        )
    )
    counts: dict[tuple[int, str], dict[str, int]] = {}
    for client_id, period, state, count in engine.execute(query.group_by(*key)).fetchall():
        counts.setdefault((client_id, period), {})[state] = int(count)
    return counts
