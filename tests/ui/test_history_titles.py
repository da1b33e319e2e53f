"""What changes are called in the list of the history: nothing is cut at 80 columns."""

import pytest
from rich.cells import cell_len

from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, title
from clientdesk.ui.widgets.history_rows import LINE_COLUMNS
from clientdesk.ui.widgets.line_layout import lay_out

ROOM = next(
    placed.width
    for placed in lay_out(LINE_COLUMNS, 79)  # beside the table stands its scrollbar
    if LINE_COLUMNS[placed.column].key == "what"
)
IN_PART = ("client.imported", "client.numbers", "client.edited", "team.edited", "firm.settings")
"""Those that are of several rows or several fields, of which an undo can leave a part."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_and_its_undo_have_room_in_80_columns(kind: str) -> None:
    titles = [title(kind, short=True)]
    if not KINDS[kind].instead:
        titles += [title(how, kind, short=True) for how in (UNDONE, REDONE)]
    assert [one for one in titles if cell_len(one) > ROOM] == []


@pytest.mark.parametrize("kind", IN_PART)
@pytest.mark.parametrize("how", [UNDONE, REDONE])
def test_so_has_what_was_undone_in_part(how: str, kind: str) -> None:
    assert cell_len(title(how, kind, stayed=2, short=True)) <= ROOM


def test_where_there_is_room_nothing_is_shortened() -> None:
    assert title(UNDONE, "client.numbers", stayed=2) == "Undone in part: Client numbers uploaded"
