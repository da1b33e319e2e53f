"""Commands on a firm that can only be read: what reads works and says so, what writes is refused at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import opening
from clientdesk.desk.demo import write_demo
from tests.cli.conftest import Ended
from tests.disks import mounted, remount

READ = (
    ("list",),
    ("list", "--json", "--find", "ana"),
    ("show", "C-00001"),
    ("history", "C-00001"),
    ("export", "-"),
    ("export", "{out}/clients.xlsx"),
    ("check",),
    ("settings", "show"),
    ("settings", "types", "list"),
    ("team", "list"),
    ("fields", "list"),
    ("tags", "list"),
    ("plan", "list"),
    ("imports",),
    ("import", "mappings", "list"),
    ("import", "--dry-run", "{out}/list.csv"),
    ("transfer", "C-00001", "--to", "{out}/other.db", "--dry-run"),
    ("transfer", "C-00001", "--to", "{out}/other.db", "--yes"),
)
WRITE = (
    ("add", "display_name=X"),
    ("edit", "C-00001", "notes=x"),
    ("edit", "nobody", "notes=x"),
    ("deactivate", "C-00001"),
    ("activate", "C-00001"),
    ("delete", "C-00001"),
    ("plan", "on", "C-00001", "--subscription", "x"),
    ("plan", "off", "C-00001"),
    ("team", "add", "X", "--login", "x", "--access", "full"),
    ("team", "edit", "Luis Ortega", "email=x@example.com"),
    ("team", "deactivate", "Luis Ortega", "--unassigned"),
    ("team", "offer", "Luis Ortega"),
    ("team", "withdraw"),
    ("settings", "set", "name=X"),
    ("settings", "types", "add", "X"),
    ("fields", "add", "X"),
    ("fields", "retire", "X"),
    ("tags", "delete", "X"),
    ("import", "mappings", "save", "x", "--map-file", "{out}/map.json"),
    ("imports", "--run", "1", "--retry"),
    ("transfer", "C-00001", "--to", "{out}/other.db", "--move", "--yes"),
)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to write to, beside a disk that is mounted read only with a firm on it."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "list.csv").write_text("Display name,Client number\nNew SL,N-1\n")
    (folder / "map.json").write_text('{"columns": {"Display name": "display_name"}}')
    with mounted(tmp_path / "disk", "size=10m") as disk:
        write_demo(str(disk / "firm.db"), 30)
        remount(disk, "ro")
        opening.make_firm(str(folder / "other.db"), "Norte", "Ana García")
        monkeypatch.setenv("CLIENTDESK_FIRM", str(disk / "firm.db"))
        yield folder


def ended(capsys: pytest.CaptureFixture[str], out: Path, *arguments: str) -> Ended:
    capsys.readouterr()
    code = main([argument.format(out=out) for argument in arguments])
    return Ended(code, *capsys.readouterr())


def test_what_reads_works_and_says_once_that_the_firm_is_read_only(
    out: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for arguments in READ:
        capfdbinary.readouterr()
        code = main([argument.format(out=out) for argument in arguments])
        output, errors = capfdbinary.readouterr()
        assert code == 0, (arguments, errors)
        assert errors.count(b"firm.db is read only") == 1, arguments
        assert b"read only: you" not in output
        assert output or arguments[0] in ("export", "imports"), arguments
    assert os.path.exists(out / "clients.xlsx")


def test_what_an_undo_would_do_is_said(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (added,) = ended(capsys, out, "history", "--sets", "--kind", "team.added", "--limit", "1", "--json").records
    planned = ended(capsys, out, "undo", str(added["change"]), "--dry-run", "--json")
    (record,) = planned.records
    assert (record["title"], record["rows"], record["left"]) == ("Team member added", 1, 1)
    assert [conflict["sentence"] for conflict in record["conflicts"]], "the member leads clients"


def test_check_says_what_it_has_not_looked_at(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = ended(capsys, out, "check")
    (search,) = [line for line in checked.lines if "search" in line]
    assert search.startswith("– search: The search index was not looked at")


def test_what_writes_is_refused_in_one_sentence(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    firm = Path(os.environ["CLIENTDESK_FIRM"])
    before = (firm.read_bytes(), os.listdir(firm.parent), os.listdir(out))
    for arguments in WRITE:
        refused = ended(capsys, out, *arguments)
        assert (refused.code, refused.out) == (1, ""), arguments
        assert refused.err.count("\n") == 1, refused.err
        assert "firm.db is read only, so nothing was changed." in refused.err
    refused = ended(capsys, out, "import", "clients", "{out}/list.csv", "--json")
    assert (refused.code, refused.records[0]["refusal"]["code"]) == (2, "firm_read_only")
    refused = ended(capsys, out, "undo", "--json")
    assert (refused.code, refused.records[0]["refused"]) == (1, "firm_read_only")
    assert (firm.read_bytes(), os.listdir(firm.parent), os.listdir(out)) == before


def test_a_firm_to_which_clients_go_must_be_writable(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = os.environ["CLIENTDESK_FIRM"]
    monkeypatch.setenv("CLIENTDESK_FIRM", str(out / "other.db"))
    assert ended(capsys, out, "add", "display_name=X", "client_number=X-1").code == 0
    for more, code in (("--dry-run", 0), ("--yes", 1)):
        done = ended(capsys, out, "transfer", "X-1", "--to", disk, more)
        assert (done.code, done.err.count("read only")) == (code, 1)
