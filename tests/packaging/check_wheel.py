"""Builds the sdist and the wheel, installs the wheel in a clean environment outside the checkout, and uses it there.

    python tests/packaging/check_wheel.py

Run by .ci/run; it needs the `build` package and an index to install from, so it is no part of the suite.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Starts the installed program without a terminal, waits for its first rows, and says what it saw.
HEADLESS = """
import asyncio, os, sys
import clientdesk
from clientdesk.folders import styles_folder
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.gateway import Gateway

async def main():
    gateway = Gateway()
    gateway.open(sys.argv[1], rows=24).result()
    app = ClientdeskApp(gateway)
    try:
        async with app.run_test(size=(80, 24)):
            for _ in range(200):
                await asyncio.sleep(0.05)
                lines = ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]
                if any("3 of 3" in line or "3 clients" in line for line in lines):
                    break
            else:
                raise SystemExit("\\n".join(lines))
    finally:
        gateway.close()
    print(os.path.dirname(clientdesk.__file__), styles_folder(), sep="\\n")

asyncio.run(main())
"""


def run(*argv: str, cwd: str, **environment: str) -> str:
    """Runs a command that must succeed; its standard output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CLIENTDESK"))}
    ended = subprocess.run(
        argv, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if ended.returncode != 0:
        raise SystemExit(f"{' '.join(argv)}\nended with {ended.returncode}\n{ended.stdout}\n{ended.stderr}")
    return ended.stdout


def look_into(wheel: str) -> None:
    """The wheel holds what the program reads beside its code, and nothing that is not its own."""
    names = zipfile.ZipFile(wheel).namelist()
    styles = [f"clientdesk/styles/{path}" for path in os.listdir(os.path.join(ROOT, "styles"))]
    for name in [*styles, "clientdesk/py.typed"]:
        assert name in names, f"{name} is not in the wheel"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names), "no licence in the wheel"
    assert any(name.startswith("clientdesk/store/engines/sqlite_schema/0001") for name in names), "no migrations"
    assert any(name.endswith(".data/data/share/man/man1/clientdesk.1") for name in names), "no man page in the wheel"
    strangers = [name for name in names if not name.startswith(("clientdesk/", "clientdesk-"))]
    assert not strangers, f"in the wheel: {strangers}"


def look_into_sdist(sdist: str) -> None:
    """The sdist holds the licence, and all that a contributor works with."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "LICENSE",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "Makefile",
        "constraints.txt",
        "pyproject.toml",
        ".ci/run",
    ):
        assert name in names, f"{name} is not in the sdist"
    for folder in ("clientdesk", "styles", "tests", "docs"):
        assert any(name.startswith(f"{folder}/") for name in names), f"{folder} is not in the sdist"


def use(binaries: str, folder: str) -> None:
    """The commands and the screens of the installed program."""
    own = {"CLIENTDESK_SETTINGS": os.path.join(folder, "settings.toml"), "CLIENTDESK_LOG": os.path.join(folder, "log")}
    firm = os.path.join(folder, "firm.db")

    def clientdesk(*arguments: str) -> str:
        return run(os.path.join(binaries, "clientdesk"), *arguments, cwd=folder, **own)

    assert clientdesk("--version").startswith("clientdesk "), "no version"
    clientdesk("demo", "--clients", "3", "--keep", firm)
    listed = [json.loads(line) for line in clientdesk("list", "--firm", firm, "--status", "all", "--json").splitlines()]
    assert len(listed) == 3, listed
    for client in listed:
        clientdesk("activate", "--firm", firm, client["company_id"])
    assert "✓" in clientdesk("check", "--firm", firm)
    python = os.path.join(binaries, "python")
    package, styles = run(python, "-c", HEADLESS, firm, cwd=folder, **own).split()[-2:]
    assert package.startswith(folder), package
    assert styles == os.path.join(package, "styles"), styles


def main() -> None:
    """Builds, installs, uses."""
    with tempfile.TemporaryDirectory(prefix="clientdesk-wheel-") as folder:
        folder = os.path.realpath(folder)
        run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)  # the sdist, and the wheel from that
        built = [os.path.join(folder, name) for name in os.listdir(folder)]
        (wheel,) = (path for path in built if path.endswith(".whl"))
        (sdist,) = (path for path in built if path.endswith(".tar.gz"))
        look_into(wheel)
        look_into_sdist(sdist)
        environment = os.path.join(folder, "venv")
        run(sys.executable, "-m", "venv", environment, cwd=folder)
        binaries = os.path.join(environment, "bin")
        run(os.path.join(binaries, "python"), "-m", "pip", "install", "--quiet", wheel, cwd=folder)
        use(binaries, folder)
        print(
            f"{os.path.basename(sdist)} and {os.path.basename(wheel)}: built; the wheel is installed and started outside the checkout"
        )


if __name__ == "__main__":
    main()
