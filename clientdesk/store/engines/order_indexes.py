"""The indexes of the list's orders as the statements that make those which are not there, on either engine.

They follow from the declarations of the fields and are made behind the numbered scripts. An index of that name stays as it
is: over a million clients it takes seconds. A script that makes a column another one drops its index.
"""

from clientdesk.store.order_keys import SORTED_LETTERS, Form, OrderKey, order_indexes


def _sql(key: OrderKey) -> str:
    if key.form is Form.WHOLE:
        return key.column
    return f"lower({key.column})" if key.form is Form.LOWER else f"lower(substr({key.column}, 1, {SORTED_LETTERS}))"


def of_file() -> str:
    """The statements for SQLite, where what the filters look at stands at the end of each index. That of the names is the
    first script's, as it serves the search, too."""
    return "".join(
        f"CREATE INDEX IF NOT EXISTS {index.name} ON client ({', '.join((_sql(index.key), *index.then, *index.also))});\n"
        for index in order_indexes()
        if index.name != "client_by_name"
    )


def of_server() -> str:
    """The statements for PostgreSQL, which walks along an expression without reading the row only where the index has the
    expression's column as well; long texts are too long for that."""
    sql = ""
    for index in order_indexes():
        also = index.also if index.key.form is Form.WHOLE else (index.key.column, *index.also)
        include = "" if index.key.form is Form.BEGINNING else f" INCLUDE ({', '.join(also)})"
        sql += f"CREATE INDEX IF NOT EXISTS {index.name} ON client ({', '.join((_sql(index.key), *index.then))}){include};\n"
    return sql
