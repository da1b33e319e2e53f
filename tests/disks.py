"""Disks of their own for tests: small ones that fill up, and ones that are mounted read only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A disk in memory at a new folder, with options such as "size=2m"."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", ",".join(("mode=755", *options)), "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    """Mounts such a disk anew, "ro" or "rw"."""
    _mount("-o", f"remount,{option}", str(folder))


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


def fill(folder: Path) -> None:
    """Leaves no byte free on the disk of a folder."""
    descriptor = os.open(folder / "filling", os.O_CREAT | os.O_WRONLY)
    try:
        for size in (1 << 16, 1):
            try:
                while os.write(descriptor, b"x" * size):
                    pass
            except OSError:
                continue
    finally:
        os.close(descriptor)
