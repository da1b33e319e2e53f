"""What a server says to whom it does not let in is understood in every language that PostgreSQL speaks."""

import unicodedata

import pytest
from psycopg import OperationalError

from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.store.engines import postgres_errors
from clientdesk.store.engines.postgres_errors import while_connecting
from clientdesk.store.engines.postgres_login_messages import WORDS

pytestmark = pytest.mark.thorough("servers")

PLACE = "postgresql://ana@db.example/clients"
_AT = 'connection to server at "ssl.example" (192.0.2.1), port 5432 failed: '
_NAMES = ("ana", "clients", "x", "y")
UNKNOWN = "ÖNEMLİ:  “ana” kullanıcısı içeri alınmadı"


def code(*said: str) -> str:
    """The code of what was said in one attempt after the other."""
    text = "\n".join(_AT + each for each in said)
    return while_connecting(OperationalError(f"connection failed: {text}"), PLACE).code


@pytest.mark.parametrize("expected", WORDS)
def test_the_servers_words(expected: str) -> None:
    sentences = [words % _NAMES[: words.count("%s")] for messages in WORDS[expected] for words in messages]
    assert len(sentences) > 10
    severities = ("FATAL", "FATALE", "ВАЖНО", "致命的エラー")
    for severity in severities:
        assert {each: code(f"{severity}:  {each}\nDETAIL:  SSL") for each in sentences} == dict.fromkeys(
            sentences, expected
        )
    # A server in the locale C says the same without accents, and with other quotation marks.
    plain = [unaccented(each).replace("«", "<<").replace("»", ">>") for each in sentences]
    assert {code(f"FATAL:  {each}") for each in plain} == {expected}


def test_every_code_has_its_sentence() -> None:
    connecting = (expected for expected, _pattern in postgres_errors.CONNECTING)
    assert {*WORDS, *connecting, *postgres_errors.STATES.values(), *postgres_errors.RETRIED} <= set(CATALOGUE)


def test_a_replica_that_lets_nobody_in_is_a_replica() -> None:
    sentence = f"{_AT}FATAL:  the database system is not accepting connections\nDETAIL:  Hot standby mode is disabled."
    refusal = while_connecting(OperationalError(f"connection failed: {sentence}"), PLACE)
    assert refusal.code == "replica_unnamed"
    assert "this is a replica" in refusal.message


def unaccented(text: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "ana", database "x", SSL encryption', "login_refused"),
        ("FATAL:  no hay línea en pg_hba.conf que valga para «ana», cifrado SSL", "login_refused"),
        (
            "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
            "server_unreachable",
        ),
        ("server does not support SSL, but SSL was required", "no_tls"),
        ('certificate authentication failed for user "ssl"', "login_refused"),
        ("server doesn't support GSSAPI encryption, but it was required", "no_encryption"),
        ("GSSAPI encryption required but no credential cache", "no_encryption"),
        ("GSSAPI continuation error: Unspecified GSS failure: No Kerberos credentials available", "login_refused"),
        ("FATAL:  SSPI authentication failed for user ana", "login_refused"),
        ("SSL error: certificate verify failed", "no_tls"),
        ('server certificate for "gssapi.example" does not match host name "y"', "no_tls"),
        ("FATAL:  no such database: ssl", "unknown_database"),
        ("FATAL:  no more connections allowed (max_client_conn)", "server_full"),
        ("session is read-only", "replica_unnamed"),
        (UNKNOWN, "server_refused"),
    ],
)
def test_what_stands_between_is_understood_too(said: str, expected: str) -> None:
    assert code(said) == expected


def test_of_several_attempts_the_one_that_is_understood_is_told() -> None:
    refusal = while_connecting(
        OperationalError(f"connection failed: {_AT}{UNKNOWN}\n{_AT}FATAL:  no existe el rol «ana»"), PLACE
    )
    assert refusal.code == "login_refused"
    assert "no existe el rol «ana»" in refusal.message


def test_words_that_nobody_knows_are_told_as_they_are() -> None:
    refusal = while_connecting(OperationalError(f"connection failed: {_AT}{UNKNOWN}"), PLACE)
    assert "“ana” kullanıcısı içeri alınmadı" in refusal.message


@pytest.mark.parametrize(
    ("needs", "used", "expected"), [(True, False, "no_password"), (False, True, "login_or_password")]
)
def test_whether_a_password_was_wanted_needs_no_words(needs: bool, used: bool, expected: str) -> None:
    class Asked:
        needs_password = needs
        used_password = used

    class Refusal(OperationalError):
        pgconn = Asked()  # type: ignore[assignment]

    assert while_connecting(Refusal(f"connection failed: {_AT}{UNKNOWN}"), PLACE).code == expected
