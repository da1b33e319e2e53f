"""How a run of the tests goes: what `--fast`, `--long` and `--snapshots` choose, the seed of what is left to chance,
failures named at once. `tests/conftest.py` takes the hooks of pytest from here.
"""

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import settings

LONG_RUNS = ("KILLS", "EXAMPLES", "UNDO_EXAMPLES", "UNDO_STEPS", "EDITS", "STORM")
"""The variables (CLIENTDESK_…) that ask a test for more than usual: it may take as long as it takes."""
LONG = {
    "kills": "programs and servers that are killed, or break off, in the midst of their work",
    "terminals": "the real program in a real terminal, with its signals",
    "servers": "a server of its own, which is built wrongly, restored, stopped, or far away",
    "chance": "many examples, or many steps, by chance",
    "many": "so much that memory, time or statements can be counted",
    "programs": "programs, each of which starts anew",
}
"""Why a test takes long: what stands in `@pytest.mark.long` and `@pytest.mark.thorough`."""
THOROUGH = {"steps": "many commands or changes one after the other"}
"""What stands in `@pytest.mark.thorough` alone."""
_ELSEWHERE = frozenset({"server", "alone", "running", "started", "starting"})
"""The fixtures that bring a server, the screens, or a terminal."""


def add_options(parser: pytest.Parser) -> None:
    """The options of a run."""
    parser.addoption("--fast", action="store_true", help="a firm in a file only; no server, kills and screens")
    parser.addoption("--long", action="store_true", help="only what a run of all tests leaves out, marked `long`")
    parser.addoption(
        "--snapshots", action="store_true", help="only the tests that compare a screen with a kept picture"
    )
    parser.addoption("--seed", type=int, help="the seed of a run before: what was left to chance comes out the same")


def begin(config: pytest.Config) -> None:
    """One seed for all that is left to chance, in all processes of the run; no limit of time where much is asked for."""
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(2**32)
    if getattr(config.option, "hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(config.option.seed)
    if config.option.fast and "CLIENTDESK_EXAMPLES" not in os.environ:
        settings.register_profile("fast", parent=settings.get_profile("quick"), max_examples=5)
        settings.load_profile("fast")
    if any(f"CLIENTDESK_{name}" in os.environ for name in LONG_RUNS):
        config.option.timeout = 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Chance begins anew for each test, so that one alone does what it did in the whole run."""
    random.seed(f"{item.config.option.seed} {item.nodeid}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A failure is named when it happens, not only at the end of the run."""
    if report.failed:
        for write_line in _terminals:
            write_line(f"\nFAILED {report.nodeid}")


_terminals: list[Callable[[str], object]] = []
"""Writes a line to the person's terminal; none in a process of `pytest -n`."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """The process that the person looks at writes the names of what failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        _terminals.append(reporter.write_line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The seed, with which the run can be done again."""
    terminalreporter.write_line(
        f"seed: {config.option.seed} (the same again: python -m pytest --seed {config.option.seed})"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what was not asked for. A file or a test that is named runs, however long it takes."""
    named = "long" in config.option.markexpr or any(".py" in argument for argument in config.option.file_or_dir)
    chosen = [
        (config.option.long, _is_long),
        (config.option.fast, _is_fast),
        (config.option.snapshots, _compares_a_picture),
        (not config.option.long and not named, lambda item: not _is_long(item)),
    ]
    for wanted in (is_wanted for asked, is_wanted in chosen if asked):
        config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
        items[:] = filter(wanted, items)


def _is_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("long") is not None


def _is_fast(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    on_server = call is not None and "postgres" in call.params.values()
    marked = _is_long(item) or item.get_closest_marker("thorough") is not None
    return not (on_server or marked or _ELSEWHERE.intersection(getattr(item, "fixturenames", ())))


def _compares_a_picture(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "assert_snapshot" in item.function.__code__.co_names
