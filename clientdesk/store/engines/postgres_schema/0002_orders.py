"""The indexes of orders that were shorter make room for those that follow from the fields, see `order_indexes`; and one of
pairs of letters, for words that are too short for the index of three."""

from peewee import Database

from clientdesk.store.engines.postgres_script import run
from clientdesk.store.engines.postgres_search import FUNCTIONS

SHORTER = (
    "client_by_name",
    "client_by_type",
    "client_by_lead",
    "client_by_number",
    "client_inactive",
    "client_on_plan",
)


def up(migrator: object, db: Database) -> None:
    """Drop them, as they are made anew behind the scripts, and make that of the pairs."""
    sql = "".join(f"DROP INDEX {name};\n" for name in SHORTER)
    run(db, FUNCTIONS + sql + "CREATE INDEX client_pairs ON client USING gin (letter_pairs(search_text));\n")
