"""A name by chance for each write; and what the server refuses, whatever program connects."""

from peewee import Database

from clientdesk.store.engines import postgres_rules
from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE change_set ADD COLUMN operation {TEXT};
CREATE UNIQUE INDEX change_set_operation ON change_set (operation);
"""

# The columns whose old and new values the history keeps; what is derived from them is left out.
HISTORY = {
    "firm": ("name", "client_notice", "primary_admin_id", "offered_to_id", "upload_limit"),
    "team_member": ("name", "email", "login", "access", "active"),
    "client_type": ("name",),
    "client": (
        *("company_id", "client_number", "display_name", "business_name", "client_type_id", "lead_id", "status"),
        *("email", "phone", "contact_first_name", "contact_last_name", "mobile", "website"),
        *("street", "city", "region", "postal_code", "country", "tax_id", "fiscal_year_end"),
        *("subscription", "billed_to", "primary_admin", "notes"),
    ),
}


def up(migrator: object, db: Database) -> None:
    """Add the column, then functions, triggers and grants."""
    run(db, TABLES)
    run(db, postgres_rules.FUNCTIONS)
    for table, columns in HISTORY.items():
        run(db, postgres_rules.history(table, columns))
    run(db, postgres_rules.TRIGGERS)
    run(db, postgres_rules.GRANTS)
