"""Screens that lead to one another and back (a client's page, a review, the steps of an import), by their names.

Whoever opens one asks for it here, so that none of them imports the other; each is imported when it is first opened.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    from clientdesk.desk.work_records import WorkOf
    from clientdesk.domain.client_query import ClientQuery


CLASSES = {
    "client": ("client_page", "ClientPageScreen"),
    "review": ("review", "ReviewScreen"),
    "import-file": ("import_file", "ImportFileStep"),
    "import-columns": ("import_columns", "ImportColumnsStep"),
    "import-names": ("import_names", "ImportNamesStep"),
    "import-plan": ("import_plan", "ImportPlanStep"),
    "import-apply": ("import_apply", "ImportApplyStep"),
    "import-report": ("import_report", "ImportReportStep"),
}
"""Module and class of each."""


def client_page(client_id: int, query: "ClientQuery") -> "Screen[int | None]":
    """A client's page; its neighbours are those of the list that `query` asks for."""
    return _made("client", client_id, query)


def review(of: "WorkOf", query: "ClientQuery") -> "Screen[int | None]":
    """A client's review; its neighbours are those of the list that `query` asks for."""
    return _made("review", of, query)


def import_step(name: str) -> "Screen[None]":
    """A step of the import that is under way."""
    return _made(name)


def _made(name: str, *arguments: Any) -> "Screen[Any]":
    module, class_name = CLASSES[name]
    screen: Screen[Any] = getattr(import_module(f"clientdesk.ui.screens.{module}"), class_name)(*arguments)
    return screen
