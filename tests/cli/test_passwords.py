"""A password in a server's URL: taken out at once, kept in memory, seen nowhere."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from clientdesk import log_file, server_passwords
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.firm_location import firm_location
from clientdesk.own_settings import own_settings
from clientdesk.server_passwords import LocationError
from tests.cli.conftest import Desk

pytestmark = pytest.mark.thorough("programs")

SECRET = "s3cr3t-Peña"
URL = f"postgresql://ana:{SECRET}@db.example:5433/firm"
SAFE = "postgresql://ana@db.example:5433/firm"
CONSOLE = [os.path.join(os.path.dirname(sys.executable), "clientdesk")]
MODULE = [sys.executable, "-m", "clientdesk"]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without passwords."""
    monkeypatch.setattr(server_passwords, "known_secrets", {})


@pytest.mark.parametrize(
    ("given", "kept", "password"),
    [
        (URL, SAFE, SECRET),
        ("postgres://ana:pw@db/firm", "postgresql://ana@db/firm", "pw"),
        ("POSTGRES://ana:pw@db/firm", "postgresql://ana@db/firm", "pw"),
        ("postgresql://db/firm", "postgresql://db/firm", None),
        ("postgresql:///firm", "postgresql:///firm", None),
        ("postgresql://ana:@db/firm", "postgresql://ana@db/firm", None),
        ("postgresql://:pw@db/firm", "postgresql://db/firm", "pw"),
        ("postgresql://ana:p%40s%2Fs%3A%25@db/firm", "postgresql://ana@db/firm", "p@s/s:%"),
        ("postgresql://ana:p@ss:word@db/firm", "postgresql://ana@db/firm", "p@ss:word"),
        ("postgresql://a%40b:pw@[::1]:5432/f%C3%ADrm", "postgresql://a%40b@[::1]:5432/f%C3%ADrm", "pw"),
        ("postgresql://h1:5432,h2:5433/firm", "postgresql://h1:5432,h2:5433/firm", None),
        ("postgresql://%2Fvar%2Frun/firm", "postgresql://%2Fvar%2Frun/firm", None),
        ("postgresql://ana@db/firm?password=p%26w&sslmode=require", "postgresql://ana@db/firm?sslmode=require", "p&w"),
        ("postgresql://ana@db/firm?PASSWORD=pw", "postgresql://ana@db/firm", "pw"),
        ("postgresql://ana@db/firm?pass%77ord=pw", "postgresql://ana@db/firm", "pw"),
        ("postgresql://db?dbname=firm&password=pw", "postgresql://db?dbname=firm", "pw"),
        ("postgresql://?service=firm", "postgresql://?service=firm", None),
        ("/home/ana/firm.db", "/home/ana/firm.db", None),
        ("folder/a:b@c.db", "folder/a:b@c.db", None),
        ("./odd://name.db", "./odd://name.db", None),
        ("C:\\firm.db", "C:\\firm.db", None),
    ],
)
def test_a_location_keeps_everything_but_the_password(given: str, kept: str, password: str | None) -> None:
    assert server_passwords.without_password(given) == kept
    assert server_passwords.secrets_for(kept).get("password") == password
    assert server_passwords.without_password(kept) == kept  # and it is remembered still
    assert server_passwords.secrets_for(kept).get("password") == password


def test_the_password_of_a_key_file_is_one_too() -> None:
    kept = server_passwords.without_password("postgresql://ana@db/firm?sslkey=k.pem&sslpassword=one&password=two")
    assert kept == "postgresql://ana@db/firm?sslkey=k.pem"
    assert server_passwords.secrets_for(kept) == {"sslpassword": "one", "password": "two"}


WRONG = [
    ("mysql://root:{}@db/firm", "scheme"),
    ("postgresql+psycopg://ana:{}@db/firm", "scheme"),
    ("postgres:/ana:{}@db/firm", "scheme"),
    ("postgresql:ana:{}@db/firm", "scheme"),
    ("postgresql://ana:{}@db", "database"),
    ("postgresql://ana:{}@db/", "database"),
    ("postgresql://ana:{}@db:port/firm", "port"),
    ("postgresql://ana:{}@db:0/firm", "port"),
    ("postgresql://ana:{}@db:70000/firm", "port"),
    ("postgresql://ana:{}@::1/firm", "port"),
    ("postgresql://ana:{}/half@db/firm", "port"),
    ("postgresql://ana:{}?half@db/firm", "characters"),
    ("postgresql://ana:5432/{}@db/firm", "characters"),
    ("postgresql://ana:{}@db/firm/more", "characters"),
    ("postgresql://ana:{}@db/firm?sslmode", "characters"),
    ("postgresql://ana:{}%00@db/firm", "characters"),
]


@pytest.mark.parametrize(("given", "reason"), WRONG)
def test_a_slip_of_the_pen_is_one_sentence_without_the_password(
    desk: Desk, given: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = given.format(SECRET)
    with pytest.raises(LocationError) as caught:
        server_passwords.without_password(given)
    assert caught.value.reason == reason
    assert SECRET not in f"{caught.value} {caught.value.shown}"
    monkeypatch.setenv("CLIENTDESK_FIRM", given)
    for arguments in (
        ["list"],
        ["list", "--firm", given],
        [f"--firm={given}", "check"],
        ["firm", "copy", given, "x.db"],
    ):
        ended = desk(*arguments)
        assert (ended.code, len(ended.err.splitlines())) == (1, 1), arguments
        assert "names no firm" in ended.err
        assert SECRET not in ended.out + ended.err
    monkeypatch.delenv("CLIENTDESK_FIRM")
    (tmp_path / "settings.toml").write_text(f"firm = {json.dumps(given)}")
    own_settings.cache_clear()
    ended = desk("list")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert SECRET not in ended.out + ended.err
    assert not (tmp_path / "clientdesk.log").exists()


WORDS = [
    "host=db password={} dbname=x",
    "password={} host=db",
    " HOST = db  PASSWORD = '{}'",
    "host=db sslpassword={}",
    "dbname=x passfile=/home/{}",
    "anything=1 password={}",
]


@pytest.mark.parametrize("given", WORDS)
def test_words_of_libpq_are_refused_and_not_shown(
    desk: Desk, given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = given.format(SECRET)
    ends = [
        desk("list", "--firm", given),
        desk(f"--firm={given}", "check"),
        desk("firm", "create", given, "--name", "Norte", "--admin", "Ana"),
        desk("firm", "copy", given, "x.db"),
        desk("firm", "copy", os.environ["CLIENTDESK_FIRM"], given, "--json"),
        desk("transfer", "--to", given, "--status", "all", "--json"),
    ]
    monkeypatch.setenv("CLIENTDESK_FIRM", given)
    ends.append(desk("list"))
    monkeypatch.delenv("CLIENTDESK_FIRM")
    (tmp_path / "settings.toml").write_text(f"firm = {json.dumps(given)}")
    own_settings.cache_clear()
    ends.append(desk("list"))
    for ended in ends:
        assert (ended.code, len(ended.err.splitlines())) == (1, 1)
        assert "names no firm. Write a file's path, or postgresql://" in ended.err
        assert SECRET not in ended.out + ended.err
    assert not (tmp_path / "clientdesk.log").exists()


def test_what_click_says_does_not_show_words_of_libpq(desk: Desk) -> None:
    given = WORDS[0].format(SECRET)
    for arguments in (["list", given], ["list", f"--nonsense={given}"], [given], ["list", "--status", given]):
        ended = desk(*arguments)
        assert (ended.code, len(ended.err.splitlines())) == (1, 1), arguments
        assert SECRET not in ended.out + ended.err
    process = subprocess.run([*MODULE, "list", "--firm", given], capture_output=True, text=True, check=False)
    assert (process.returncode, SECRET in process.stdout + process.stderr) == (1, False)


def test_what_only_looks_like_words_of_libpq_is_taken(desk: Desk) -> None:
    for name in ("password=x.db", "a=b c=d.db", "/home/host=a/firm.db"):
        assert firm_location(name) == name
    assert desk("add", "display_name=A", "notes=host=db password=x y=z").code == 0
    assert desk("list", "--json").records[0]["notes"] == "host=db password=x y=z"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locations that are opened; there is no firm at any of them."""
    leaks: list[str] = []

    def refuses(location: str, *_more: object) -> None:
        leaks.append(location)
        log_file.log().error("%s: nothing there", location)
        raise FirmUnusable(problem("firm_missing", path=location))

    for name in ("open_firm", "make_firm", "upgrade_firm"):
        monkeypatch.setattr(f"clientdesk.desk.opening.{name}", refuses)
    return leaks


def test_every_place_that_takes_a_location_takes_the_password_out(
    desk: Desk, opened: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines: list[Sequence[str]] = [
        ("list", "--firm", URL),
        ("--firm", URL, "list"),
        (f"--firm={URL}", "show", "1"),
        ("firm", "create", URL, "--name", "Ríos", "--admin", "Ana"),
        ("firm", "upgrade", URL, "--json"),
        ("firm", "copy", URL, "copy.db", "--json"),
    ]
    for arguments in lines:
        ended = desk(*arguments)
        assert (ended.code, opened.pop(), opened) == (1, SAFE, []), arguments
        assert SECRET not in ended.out + ended.err
        assert SAFE in ended.err
    monkeypatch.setenv("CLIENTDESK_FIRM", URL)
    assert SECRET not in desk("list").err
    assert opened.pop() == SAFE == os.environ["CLIENTDESK_FIRM"], "no child inherits it"
    monkeypatch.delenv("CLIENTDESK_FIRM")
    (tmp_path / "settings.toml").write_text(f"firm = {json.dumps(URL)}")
    own_settings.cache_clear()
    assert SECRET not in desk("list").err
    assert opened.pop() == SAFE
    assert server_passwords.secrets_for(SAFE).get("password") == SECRET
    assert SECRET not in (tmp_path / "clientdesk.log").read_text()


def test_the_other_firm_of_a_transfer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(location: str, *_more: object) -> None:
        raise FirmUnusable(problem("firm_missing", path=location))

    monkeypatch.setattr("clientdesk.desk.transfer.open_firm", refuses)
    ended = desk("transfer", "--to", URL, "--status", "all", "--json")
    assert ended.records[0]["to"] == SAFE
    assert SECRET not in ended.out + ended.err


def test_what_click_says_does_not_show_it(desk: Desk) -> None:
    for arguments in (
        ["list", URL],
        ["list", "--nonsense", URL],
        ["list", f"--nonsense={URL}"],
        ["--nonsense", URL],
        [URL],
        ["firm", URL],
        ["firm", "copy", URL],
        ["firm", "copy", URL, URL, URL],
        ["list", "--status", URL],
        ["demo", "--clients", URL],
        ["list", f"--firm={URL}", "--status", "nonsense"],
    ):
        ended = desk(*arguments)
        assert ended.code == 2, arguments
        assert SECRET not in ended.out + ended.err


def test_what_was_not_foreseen_does_not_log_it(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(location: str, *_more: object) -> None:
        raise RuntimeError(f"surprise at {location}")

    monkeypatch.setattr("clientdesk.desk.opening.open_firm", fails)
    ended = desk("list", "--firm", URL)
    assert (ended.code, SECRET in ended.out + ended.err) == (1, False)
    log = (tmp_path / "clientdesk.log").read_text()
    assert SAFE in log
    assert SECRET not in log


def test_a_client_may_have_what_looks_like_a_url(desk: Desk) -> None:
    assert desk("add", "display_name=A", f"notes={URL}").code == 0
    assert desk("list", "--find", "postgresql://x").code == 0
    assert [record["notes"] for record in desk("list", "--json").records] == [URL]


def test_the_demo_is_a_file(desk: Desk) -> None:
    ended = desk("demo", "--keep", URL)
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert "firm copy" in ended.err
    assert SECRET not in ended.err


def test_somebody_elses_variable_does_no_harm() -> None:
    for handed in ("", "nonsense", "[1]", '{"a": "b"}', "5"):
        environment = {"CLIENTDESK_PASSWORDS": handed, "PATH": "x"}
        server_passwords.take_passwords(environment)
        assert environment == {"PATH": "x"}
    assert not server_passwords.passwords_known()


# --- the command line that everybody can see

WATCHED = """
import json, os, sys, time
from clientdesk import server_passwords
from clientdesk.desk import opening

def open_firm(location, login=None):
    child = os.popen("env").read()
    print(json.dumps([location, server_passwords.secrets_for(location).get("password"), dict(os.environ), child, sys.argv]), flush=True)
    time.sleep(60)

opening.open_firm = open_firm
"""


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that are started wait with the firm in hand instead of opening it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WATCHED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))


@pytest.mark.parametrize("program", [CONSOLE, MODULE], ids=["console", "module"])
@pytest.mark.parametrize("arguments", [["--firm", URL], [f"--firm={URL}?sslpassword=other-{SECRET}"]])
def test_the_title_of_the_process_has_no_password(
    watched: None, program: Sequence[str], arguments: Sequence[str]
) -> None:
    process = subprocess.Popen([*program, "list", *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        location, password, environment, child, argv = json.loads(process.stdout.readline())
        title = Path(f"/proc/{process.pid}/cmdline").read_text()
    finally:
        process.kill()
        process.communicate()
    assert (location, password) == (SAFE, SECRET)
    assert SAFE in title.replace("\0", " ")
    assert title.split("\0")[-1 - len(arguments) - 1] == "list"
    for seen in (title, json.dumps(environment), child, json.dumps(argv)):
        assert "s3cr3t" not in seen
        assert "CLIENTDESK_PASSWORDS" not in seen


def test_how_it_ends_is_not_changed_by_starting_again() -> None:
    for program in (CONSOLE, MODULE):
        ended = subprocess.run([*program, "list", "--nonsense", URL], capture_output=True, text=True, check=False)
        assert (ended.returncode, "s3cr3t" in ended.stdout + ended.stderr) == (2, False)
        bad = f"postgresql://ana:{SECRET}@db"
        ended = subprocess.run([*program, "list", "--firm", bad], capture_output=True, text=True, check=False)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
        assert "s3cr3t" not in ended.stderr


def test_a_file_costs_nothing(desk: Desk) -> None:
    program = (
        "import sys\n"
        "from clientdesk.cli.main import main\n"
        "main()\n"
        "print(sorted({'urllib.parse', 'json'} & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, "--version"], capture_output=True, text=True, check=True)
    assert ended.stderr.splitlines()[-1] == "[]"
