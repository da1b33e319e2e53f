"""What a contributor works with: the Makefile's commands, and that CI runs the same under the same names."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.running import LONG, THOROUGH

ROOT = Path(__file__).parent.parent.parent


def _recipes() -> dict[str, tuple[list[str], list[str]]]:
    """Of each target of the Makefile: the targets that it needs, and its commands as in a virtual environment that is on
    the PATH."""
    recipes: dict[str, tuple[list[str], list[str]]] = {}
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        if target := re.fullmatch(r"([a-z-]+):([a-z -]*)(?:## .*)?", line):
            commands: list[str] = []
            recipes[target[1]] = (target[2].split(), commands)
        elif line.startswith("\t"):
            commands.append(line.strip().replace("$(BIN)", ""))
    return recipes


def test_ci_runs_what_make_check_runs() -> None:
    recipes = _recipes()
    wanted = [line for part in recipes["check"][0] for line in (f"# {part}", *recipes[part][1])]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert ci[ci.index(wanted[0]) :] == wanted


def test_contributing_says_what_takes_long_and_why() -> None:
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    rows = re.findall(r"- \*\*(\w+)\*\*: ([^:]+): ((?:`tests/\S+`,? )+)", text)
    listed = {why: (what, set(re.findall(r"`(.+?)`", files))) for why, what, files in rows}
    marked: dict[str, set[str]] = {why: set() for why in LONG}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for mark, why in re.findall(r"pytest\.mark\.(long|thorough)\b\(?\"?(\w*)", path.read_text("utf-8")):
            assert why in LONG or (mark == "thorough" and why in THOROUGH), (
                f"{path}: @pytest.mark.{mark} says why, in a word of tests/running.py"
            )
            if mark == "long":
                marked[why].add(path.relative_to(ROOT).as_posix())
    assert listed == {why: (LONG[why], files) for why, files in marked.items()}


def test_the_constraints_hold_for_what_is_needed_and_name_no_host() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    known = {line.partition("==")[0].lower().replace("_", "-") for line in text.splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    ]
    names = {re.match(r"[\w-]+", name)[0].lower() for name in needed}  # type: ignore[index]
    assert names - known - {"clientdesk"} == set()


def test_the_licence_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "MIT"
    text = (ROOT / project["license-files"][0]).read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert project["authors"][0]["name"] in text


@pytest.mark.thorough("programs")
def test_a_child_of_a_run_in_the_background_hears_ctrl_c() -> None:
    """Where the runner ignores SIGINT, as a job in the background does, what a test starts has the default all the same."""
    program = "import signal, sys; sys.exit(signal.getsignal(signal.SIGINT) is not signal.default_int_handler)"
    runner = (
        "import signal, subprocess, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); import tests.conftest; "
        f"sys.exit(subprocess.call([sys.executable, '-c', {program!r}]))"
    )
    assert subprocess.run([sys.executable, "-c", runner], cwd=ROOT, check=False).returncode == 0
