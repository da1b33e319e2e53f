"""The indexes of orders that were shorter make room for those that follow from the fields, see `order_indexes`; ids are
looked up in the table itself."""

from peewee import Database

SHORTER = ("client_by_type", "client_by_lead", "client_by_number", "client_inactive", "client_on_plan", "client_by_id")


def up(migrator: object, db: Database) -> None:
    """Drop them: behind the scripts they are made anew."""
    for name in SHORTER:
        db.execute_sql(f"DROP INDEX {name}")
