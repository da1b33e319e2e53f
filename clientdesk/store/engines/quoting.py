"""Names and texts as SQL has them, on both engines. (Peewee puts quotation marks around a name and leaves those in it;
psycopg is an extra, and SQL for a server is also printed without it.)"""


def identifier(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"
