"""The manual's pages of reference say what the program says, and tell all of it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clientdesk.cli.cures import CURES, IMPORTS
from clientdesk.commands import COMMANDS, labels
from clientdesk.commands.scopes import PARTS, SCREENS
from clientdesk.docs.__main__ import FILES, stale
from clientdesk.docs.command_line import command_helps
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.own_settings import OWN_SETTINGS, VARIABLES, OwnSettings, own_settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NO_CURE_NEEDED = {
    *("dry_run_stopped", "download_stopped", "run_readable", "again_completes", "passed_over_next"),  # nothing is wrong
    *("row_stays", "firm_stays", "member_stays"),  # what is asked for is never to be had; the sentence says what is
    *("stale_field", "delete_refused", "cannot_leave", "unshared_group", "unshared_folder", "unshared_file"),
    *("unshared_setgid", "share_failed", "copy_refused", "copy_of_server"),  # parts of a sentence that has the cure
    *("undone_already", "redone_already", "changed_since", "changed_since_unnoted", "already_so", "deleted_since"),
    *(
        "taken_since",
        "type_removed_since",
        "change_stays",
        "stays_with_it",
        "entry_unreadable",
        "kept_by_rule",
    ),  # of undo: what stays
}


def test_they_are_not_stale() -> None:
    ended = subprocess.run([sys.executable, "-m", "clientdesk.docs", "--check"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    for name in FILES:
        shutil.copy(DOCS / name, tmp_path)
    (tmp_path / "keys.md").write_text("# Keys\n", encoding="utf-8")
    (tmp_path / "fields.md").unlink()
    assert set(stale(tmp_path)) == {"keys.md", "fields.md"}


def test_every_place_of_a_key_has_words() -> None:
    assert {scope for command in COMMANDS for scope in command.scopes} <= {*SCREENS, *PARTS}


def test_every_refusal_says_what_to_do() -> None:
    without = {
        code
        for code, (sentence, warning) in CATALOGUE.items()
        if not (warning or code in CURES or code in IMPORTS)
        and not re.search(r"[.;:!?—] \S|\{(hint|instead|reasons?|choices)\}", sentence)
    }
    assert without - NO_CURE_NEEDED == set()


def test_a_person_s_own_settings_are_those_that_are_read() -> None:
    assert {setting.name for setting in OWN_SETTINGS} == set(OwnSettings._fields)


def test_every_variable_that_is_read_is_told() -> None:
    read = {
        name
        for path in (ROOT / "clientdesk").rglob("*.py")
        for name in re.findall(r"[\"'](CLIENTDESK_[A-Z]+)[\"']", path.read_text(encoding="utf-8"))
    }
    assert read - {"CLIENTDESK_PASSWORDS"} == {name for name in VARIABLES if name.startswith("CLIENTDESK_")}


def test_the_examples_of_the_settings_can_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", (DOCS / "settings.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    path = tmp_path / "settings.toml"
    path.write_text(example, encoding="utf-8")
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(path))
    own_settings.cache_clear()
    assert own_settings().keys == {"client.add": "insert"}


def test_every_command_is_in_the_man_page() -> None:
    page = (DOCS / "clientdesk.1").read_text(encoding="utf-8").replace("\\-", "-")
    for command in [*command_helps()][1:]:
        assert f".SS {command.name.removeprefix('clientdesk ')}" in page


LINES = dict(
    zip(
        ("bash", "zsh", "fish"),
        re.findall(
            r"^(.*_CLIENTDESK_COMPLETE=.*?)\s+# ", (DOCS / "commands.md").read_text(encoding="utf-8"), re.MULTILINE
        ),
        strict=True,
    )
)
# What each shell does when tab is pressed behind "clientdesk impo".
ASKED = {
    "bash": "COMP_WORDS=(clientdesk impo); COMP_CWORD=1; _clientdesk_completion clientdesk; echo ${COMPREPLY[@]}",
    "zsh": "_describe() { print -r -- $completions_with_descriptions }; words=(clientdesk impo); CURRENT=2; "
    "_clientdesk_completion",
    "fish": "complete -C 'clientdesk impo'",
}
BEFORE = {"bash": "", "zsh": "autoload -U compinit; compinit -u -D", "fish": ""}
START = {"bash": ("--norc", "-c"), "zsh": ("-f", "-c"), "fish": ("--no-config", "-c")}


@pytest.mark.thorough("programs")
@pytest.mark.parametrize("shell", LINES)
def test_the_shell_completes(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    folder = str(Path(sys.executable).parent)
    ended = subprocess.run(
        [program, *START[shell], "\n".join((BEFORE[shell], LINES[shell], ASKED[shell]))],
        env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"\bimport\b[^\0]*\bimports\b", ended.stdout), ended


def test_every_key_is_written_as_the_sign_that_is_typed() -> None:
    written = {label for command in COMMANDS for label in labels(command.keys)}
    assert not [label for label in written if "_" in label.removesuffix("+_")]
