"""What is due of the clients' work, where a firm is repaired: it is noted that it is to be made anew, by the next full member."""

from datetime import UTC, datetime

from peewee import Database

_BEFORE_ALL = -(2**63)
"""Before the ids of all clients."""


def note(db: Database) -> None:
    """Notes so for each template in use, in the name of the primary admin."""
    db.execute_sql("DELETE FROM work_renewal")
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    sql = (
        "INSERT INTO work_renewal (template_id, claimed_by, claimed_at, done_to, is_widened)"
        f" SELECT t.id, f.primary_admin_id, {db.param}, {db.param}, 0 FROM template t CROSS JOIN firm f WHERE t.retired = 0"
    )
    db.execute_sql(sql, (now, _BEFORE_ALL))
