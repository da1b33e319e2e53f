"""How the program ends: pipes that close, interrupts, surprises; and what it imports."""

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from clientdesk import saved
from clientdesk.cli import exit_codes
from clientdesk.cli.main import main
from clientdesk.cli.program import COMMANDS
from clientdesk.desk import opening
from clientdesk.domain.problems import refuse
from tests import programs
from tests.cli.conftest import Desk, Put
from tests.store.both import on_a_file
from tests.store.test_faults import as_nobody

pytestmark = pytest.mark.thorough("programs")

CLIENTDESK = [sys.executable, "-m", "clientdesk"]


@on_a_file
def test_the_version_and_the_help(desk: Desk) -> None:
    from clientdesk import __version__

    assert desk("--version").out == f"clientdesk {__version__}\n"
    text = desk("--help").out
    assert all(f"  {name} " in text for name in COMMANDS)
    for name in COMMANDS:
        ended = desk(name, "--help")
        assert ended.code == 0
        assert "--firm" in ended.out or name == "demo"
    assert desk("nonsense").code == 2
    assert desk("list", "--nonsense").code == 2
    for arguments in (["\x1b[2J"], ["list", "\x1b[2J"], ["list", "--\x1b[2J"], ["list", "--status", "\x1b[2J"]):
        ended = desk(*arguments)
        assert ended.code == 2
        assert "\x1b" not in ended.err


@on_a_file
def test_what_was_not_foreseen_is_one_sentence_and_a_line_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_: object, **_options: object) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr("clientdesk.desk.clients.pages", fails)
    ended = desk("list")
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1
    assert "clientdesk.log" in ended.err
    assert "surprise" in (tmp_path / "clientdesk.log").read_text()


@on_a_file
def test_an_interrupt_is_quiet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("clientdesk.desk.clients.pages", interrupted)
    assert desk("list") == (130, "", "")


@on_a_file
def test_settings_that_cannot_be_read_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CLIENTDESK_FIRM")
    (tmp_path / "settings.toml").write_text("colour = 1")
    ended = desk("list")
    assert ended.code == 1
    assert "settings.toml" in ended.err


def test_the_settings_name_the_firm(desk: Desk, firm: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CLIENTDESK_FIRM")
    (tmp_path / "settings.toml").write_text(f"firm = {json.dumps(firm)}")
    assert desk("add", "display_name=A").code == 0


@pytest.mark.long("programs")
def test_a_reader_that_goes_away_ends_it_quietly(desk: Desk, tmp_path: Path) -> None:
    kept = str(tmp_path / "demo.db")
    desk("demo", "--clients", "3000", "--keep", kept)
    for way in ("--json", "--csv", "--sort=email"):
        process = programs.Popen(
            [*CLIENTDESK, "list", "--firm", kept, way], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141
        process.stderr.close()


def test_a_full_disk_under_the_output_is_a_sentence(desk: Desk) -> None:
    desk("add", "display_name=A")
    with open("/dev/full", "w") as full:
        ended = programs.run([*CLIENTDESK, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The output cannot be written: ")
    assert len(ended.stderr.splitlines()) == 1


def test_an_output_that_grows_too_large_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    def smaller() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    demo = str(tmp_path / "demo.db")
    desk("demo", "--keep", demo, "--clients", "150")
    with open(tmp_path / "out", "w") as out:
        argv = [*CLIENTDESK, "list", "--status", "all", "--json", "--firm", demo]
        ended = subprocess.run(argv, stdout=out, stderr=subprocess.PIPE, text=True, preexec_fn=smaller, check=False)
    assert (ended.returncode, ended.stderr) == (1, "The output cannot be written: File too large\n")


@on_a_file
def test_a_terminal_that_knows_no_utf_8_is_no_reason_to_fail(desk: Desk) -> None:
    desk("add", "display_name=山田 é")
    environment = dict(os.environ, PYTHONIOENCODING="ascii")
    ended = subprocess.run([*CLIENTDESK, "list"], capture_output=True, env=environment, check=True)
    assert b"\\u5c71\\u7530 \\xe9" in ended.stdout
    ended = subprocess.run([*CLIENTDESK, "list", "--json"], capture_output=True, env=environment, check=True)
    assert json.loads(ended.stdout)["display_name"] == "山田 é"


@pytest.mark.long("programs")
@on_a_file
def test_nothing_of_the_screens_is_imported(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from clientdesk.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "slow = {'textual', 'rich', 'phonenumbers', 'stdnum', 'email_validator', 'platformdirs', 'psycopg'}\n"
        "others = {'clientdesk.desk.patches', 'clientdesk.desk.client_rules', 'hashlib'}\n"
        "print(sorted((slow | (others if 'list' in sys.argv else set())) & set(sys.modules)), file=sys.stderr)\n"
        "print(sum(name.startswith('clientdesk') for name in sys.modules), file=sys.stderr)\n"
    )
    for variable in ("CLIENTDESK_STATE", "CLIENTDESK_LOG", "CLIENTDESK_SETTINGS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for arguments in (["list", "--find", "x", "--json"], ["show", "1"], ["--help"], ["team"]):
        ended = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
        *_told, loaded, ours = ended.stderr.splitlines()
        assert loaded == "[]", arguments
        assert arguments[0] != "list" or int(ours) <= MODULES_OF_LIST


MODULES_OF_LIST = 86
"""So many modules of ours a list imports at most, each of which costs a part of a millisecond."""


@on_a_file
def test_files_without_permission_are_told_in_our_own_words(desk: Desk, put: Put) -> None:
    desk("import", "clients", put("Display name\nX\n"), "--json")  # whatever it needs is loaded

    def check() -> int:
        opening.create_firm("own.db", "Ríos", "Ana").close()
        Path("good.csv").write_text("Display name\nX\n")
        endings = []
        for arguments in (
            ["import", "clients", "list.csv"],
            ["import", "clients", "list.csv", "--errors", "list.csv"],
            ["import", "clients", "good.csv", "--map-file", "list.csv"],
        ):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                code = main([*arguments, "--json", "--firm", "own.db"])
            endings.append((code, json.loads(out.getvalue() or "{}").get("refusal", {}).get("code")))
        with contextlib.redirect_stderr(io.StringIO()) as err:
            endings.append((main(["list", "--firm", "other.db"]), "other.db cannot be read" in err.getvalue()))
        expected = [(2, "unreadable"), (2, None), (2, "unreadable"), (1, True)]
        return 1 if endings == expected else 2

    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        for name in ("list.csv", "other.db"):
            Path(folder, name).write_text("Display name\nX\n")
            os.chmod(f"{folder}/{name}", 0)
        assert as_nobody(folder, check) == 1


def test_a_refusal_that_is_its_own_cause_has_an_exit_code() -> None:
    saved.anything = False
    refusal = refuse("closed")
    refusal.__cause__ = refusal
    assert exit_codes.of_refusal(refusal) == exit_codes.REFUSED
