"""Imports: rows that come in are planned, seen, applied and logged. What the firm keeps of imports is asked for here."""

from clientdesk.desk.imports.run_log import begin_run as begin_run
from clientdesk.desk.imports.run_log import end_run as end_run
from clientdesk.desk.imports.run_log import error_log as error_log
from clientdesk.desk.imports.run_log import kept_run as kept_run
from clientdesk.desk.imports.run_log import remove_unreadable as remove_unreadable
from clientdesk.desk.imports.run_log import runs as runs
from clientdesk.desk.imports.saved_mappings import delete_mapping as delete_mapping
from clientdesk.desk.imports.saved_mappings import mappings as mappings
from clientdesk.desk.imports.saved_mappings import save_mapping as save_mapping
