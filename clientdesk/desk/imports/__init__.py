"""Imports: rows that come in are planned, seen, applied and logged. What is kept of imports is asked for here."""

from clientdesk.desk.imports.run_log import (
    begin_run,
    end_run,
    error_log,
    keep_retried,
    kept_rows,
    kept_run,
    remove_unreadable,
    runs,
)
from clientdesk.desk.imports.saved_mappings import delete_mapping, mappings, save_mapping

__all__ = [
    "begin_run",
    "delete_mapping",
    "end_run",
    "error_log",
    "keep_retried",
    "kept_rows",
    "kept_run",
    "mappings",
    "remove_unreadable",
    "runs",
    "save_mapping",
]
