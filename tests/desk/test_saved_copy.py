"""A copy of the open firm whose file was overwritten: it counts only if everything in it fits together."""

from pathlib import Path

import pytest

from clientdesk.desk import clients, opening, save_copy, watching
from clientdesk.domain.problems import FirmUnusable
from tests.many import add_many
from tests.store.both import on_a_file

_COUNTER = 24
"""Where the header of a file says how often it was changed."""


@on_a_file
def test_a_copy_of_which_a_part_is_of_another_file_is_not_kept(location: str, tmp_path: Path) -> None:
    with opening.open_firm(location, "ana") as session:
        add_many(session, ({"display_name": f"Client {n}", "notes": f"in Vigo{n} " * 20} for n in range(300)))
    file, copy = Path(location), tmp_path / "copy.db"
    with opening.open_firm(location, "ana") as session:
        watching.news(session)
        clients.add(session, {"display_name": "Peña SA"})
        another = bytearray(file.read_bytes().replace(b"Vigo150", b"Lugo150"))
        another[_COUNTER : _COUNTER + 4] = bytes(4)
        file.write_bytes(another)
        with pytest.raises(FirmUnusable) as caught:
            save_copy.save_copy(session, str(copy))
    assert caught.value.code == "copy_unsound"
    assert not copy.exists()
