"""`imports`: what the firm keeps of imports, and trying refused rows again from the shell."""

from typing import Any

import pytest

from clientdesk.desk import opening
from clientdesk.desk.imports import applying, importing
from tests.cli.conftest import Desk, Put, record
from tests.store.both import tamper


def test_the_kept_log_is_tried_again_from_the_shell(desk: Desk, put: Put) -> None:
    put_in = put("Display name,Type,Year end\nPeña SA,Coop,\nGil SL,Coop,no date\nRíos SL,,12-31\n")
    assert desk("import", "clients", put_in).code == 1
    (line,) = [line for line in desk("imports").lines if "list.csv" in line]
    assert "3 rows: 1 new, 2 refused" in line
    assert desk("imports", "--run", "1", "--retry").code == 1, "nothing has changed"
    desk("settings", "types", "add", "Coop")
    tried = desk("imports", "--run", "1", "--retry")
    assert (tried.code, tried.lines[0].partition(",")[0]) == (1, "line 2: new")
    assert "Ana García" in tried.lines[0]
    assert "line 3: " in tried.lines[1]
    assert "Tried again: 1 in now, 0 skipped, 1 still refused." in tried.err
    kept = record(desk("imports", "--run", "1", "--json"))
    assert (kept["new"], kept["refused"], kept["skipped"], kept["left_out"]) == (2, 1, 0, 0)
    assert [refusal["line"] for refusal in kept["errors"]] == [3]
    assert [(each["line"], each["verdict"], each["who"]) for each in kept["retried"]] == [(2, "new", "Ana García")]
    assert "3 rows: 2 new, 1 refused" in desk("imports").out
    assert desk("imports", "--retry").code == 2


def test_the_list_of_imports_tells_skipped_and_left_out_rows(
    desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("add", "display_name=Peña SA", "email=p@pena.example")
    path = put("Display name,Email\nPeña,p@pena.example\n" + "".join(f"Client {n},\n" for n in range(4)))
    monkeypatch.setattr(applying, "BATCH", 2)
    apply = importing.Import.apply

    def stopped_early(self: importing.Import, session: Any, progress: Any, _stopped: Any) -> Any:
        done: list[int] = []
        return apply(self, session, lambda n, rows: done.append(n), lambda: bool(done))

    monkeypatch.setattr(importing.Import, "apply", stopped_early)
    ended = desk("import", "clients", path)
    assert "The import was stopped: 2 of 5 rows are in" in ended.err
    assert "5 rows: 2 new, 1 skipped, 2 left out" in ended.err
    (run,) = desk("imports", "--json").records
    assert (run["state"], run["new"], run["skipped"], run["left_out"]) == ("stopped", 2, 1, 2)
    (line,) = [line for line in desk("imports").lines if "list.csv" in line]
    assert "stopped" in line
    assert "5 rows: 2 new, 1 skipped, 2 left out" in line


def test_an_import_is_told_as_running_while_its_program_is_at_work(desk: Desk, firm: str, put: Put) -> None:
    assert desk("import", "clients", put("Display name\nPeña SA\nGil SL\n")).code == 0
    tamper(firm, "import_run", "UPDATE import_run SET state = 'running'")
    assert desk("imports", "--json").records[0]["state"] == "done", "every row is in"
    tamper(firm, "import_run", "UPDATE import_run SET added = 1")

    def told() -> tuple[object, ...]:
        (run,) = desk("imports", "--json").records
        return run["state"], run["new"], run["left_out"]

    killed = ("stopped", 1, 1)
    assert told() == killed
    with opening.open_firm(firm) as at_work:
        at_work.engine.begin_import(1)
        assert told() == ("running", 1, 0)
        assert "running" in desk("imports").out
        at_work.engine.end_import(1)
        assert told() == killed
        at_work.engine.begin_import(1)
        tamper(firm, "import_run", "UPDATE import_run SET touched = '2020-01-01T00:00:00.000+00:00'")
        assert told() == killed, "a server may not know yet that a computer went away"
        tamper(firm, "import_run", "UPDATE import_run SET touched = '2999-01-01T00:00:00.000+00:00'")
    assert told() == killed, "the connection is closed"
