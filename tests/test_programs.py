"""A program that is forked is like one that is started."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import programs

LOOKS_ROUND = """
import json, os, signal, sys, threading
signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD)
print(json.dumps([
    sys.argv, __name__, os.getcwd(), dict(os.environ), sys.stdin.read(), sys.stdin.encoding, sys.stdout.encoding,
    sys.stderr.errors, [str(signal.getsignal(each)) for each in signals], list(signal.pthread_sigmask(0, [])),
    threading.active_count(), sorted(map(int, os.listdir("/proc/self/fd"))),
]))
sys.stderr.write("said")
sys.exit(7)
"""


def test_what_it_finds_around_it(tmp_path: Path) -> None:
    def run(ways: ModuleType) -> Any:
        environment = {**os.environ, "OTHER": "é"}
        command = [sys.executable, "-c", LOOKS_ROUND, "one", "two words"]
        ended = ways.run(command, input="ñ", capture_output=True, text=True, env=environment, cwd=tmp_path)
        record = json.loads(ended.stdout)
        record[8][0] = record[8][0].partition(" at ")[0]  # where Python has its handler of ctrl+c
        return ended.returncode, ended.stderr, record

    assert run(programs) == run(subprocess)


@pytest.mark.parametrize(
    "code", ["1 / 0", "import os; os._exit(3)", "import os; os.kill(os.getpid(), 15)", "raise KeyboardInterrupt"]
)
def test_how_it_ends(code: str) -> None:
    ends = [ways.run([sys.executable, "-c", code], capture_output=True, text=True) for ways in (programs, subprocess)]
    assert ends[0].returncode == ends[1].returncode
    assert ends[0].stderr.splitlines()[-1:] == ends[1].stderr.splitlines()[-1:]


def test_it_is_waited_for_and_killed() -> None:
    with programs.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert process.is_forked or sys.platform != "linux", "subprocess has other names for how it starts a program"
