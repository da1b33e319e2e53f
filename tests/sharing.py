"""How the processes of one run (`pytest -n`) share what each would do by itself."""

import importlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent


def compile_share(config: pytest.Config) -> None:
    """Reads a part of all tests, if the run is for all of them, so that each file is compiled by one process and not by
    everyone: in a new checkout that takes longer than to collect them. Those that fail are told when they are collected.
    """
    run = getattr(config, "workerinput", None)
    if run is None or config.option.file_or_dir:
        return
    number = int(run["workerid"].removeprefix("gw"))
    for path in sorted(TESTS.rglob("test_*.py"))[number :: run["workercount"]]:
        with suppress(Exception):
            importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


def scheduler(config: pytest.Config, log: Any) -> object:
    """Each process begins with a piece of its own, so that not everyone makes each server and each firm that is copied;
    whoever is ready takes from the others. None where another way was asked for.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None
