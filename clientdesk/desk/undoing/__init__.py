"""Undo and redo: a change, or all of a job, is taken back by the inverse patches of its entries in the history.

`next_to_undo` says which change is next, `undo_plan` what would become of it, `undo_batches` does it, one change set
after the other by `inverse_patches`, which `undo_rules` judge; `undo_tally` counts, and `undo_conflicts` tells what stays
and why.
"""

from clientdesk.desk.undoing.next_to_undo import STAYS, latest, latest_undone
from clientdesk.desk.undoing.undo_batches import Undone, undo
from clientdesk.desk.undoing.undo_conflicts import Conflict
from clientdesk.desk.undoing.undo_plan import Plan, plan
from clientdesk.desk.undoing.undo_tally import LISTED

__all__ = ["LISTED", "STAYS", "Conflict", "Plan", "Undone", "latest", "latest_undone", "plan", "undo"]
