"""An index for each order that the list offers, with what the usual filters look at, so that the walk along it reads no
client; and one of pairs of letters, for words that are too short for the index of three."""

from peewee import Database

from clientdesk.store.engines.postgres_script import run
from clientdesk.store.engines.postgres_search import FUNCTIONS

FILTERS = ("status", "client_type_id", "lead_id", "billed_to")
COLUMNS = {
    "name": "",
    "type": "client_type_id",
    "lead": "lead_id",
    "status": "status",
    "billed_to": "billed_to",
    "subscription": "subscription",
    "primary_admin": "primary_admin",
    "business_name": "business_name_sort",
    "contact_first_name": "contact_first_name_sort",
    "contact_last_name": "contact_last_name_sort",
    "street": "street_sort",
    "city": "city_sort",
    "region": "region_sort",
    "country": "country_sort",
}
# The server walks along an expression without reading the row only where the index has the expression's column as well.
FOLDED = ("email", "phone", "company_id", "mobile", "website", "postal_code", "tax_id", "fiscal_year_end")
SHORTER = (
    "client_by_name",
    "client_by_type",
    "client_by_lead",
    "client_by_number",
    "client_inactive",
    "client_on_plan",
)


def up(migrator: object, db: Database) -> None:
    """Make the indexes anew that were shorter, and those that were not there."""
    filters = ", ".join(FILTERS)
    sql = "".join(f"DROP INDEX {name};\n" for name in SHORTER)
    sql += f"CREATE INDEX client_by_number ON client (number_sort, id) INCLUDE ({filters});\n"
    for name, column in COLUMNS.items():
        key = f"{column}, " if column else ""
        also = ", ".join(other for other in FILTERS if other != column)
        sql += f"CREATE INDEX client_by_{name} ON client ({key}display_name_sort, id) INCLUDE ({also});\n"
    for name in FOLDED:
        key = f"lower({name}), display_name_sort, id"
        sql += f"CREATE INDEX client_by_{name} ON client ({key}) INCLUDE ({name}, {filters});\n"
    sql += "CREATE INDEX client_by_notes ON client (lower(substr(notes, 1, 80)), display_name_sort, id);\n"
    sql += "CREATE INDEX client_pairs ON client USING gin (letter_pairs(search_text));\n"
    run(db, FUNCTIONS + sql)
