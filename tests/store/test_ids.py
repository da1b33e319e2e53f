"""Ids never cross: each is reserved, given once, and leaves room for copies; change sets and history have no gaps."""

from contextlib import suppress

import pytest
from peewee import PeeweeException

from clientdesk.desk import checking, client_types, clients, firm_settings, opening
from clientdesk.desk.session import Session
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store import history, import_runs, patches
from clientdesk.store.engines import ROOM
from tests.conftest import ADMIN
from tests.servers import OWNER
from tests.store.both import REFUSED_BY_DATABASE, bare, on_a_server, tamper


def written(session: Session, sql: str, *values: object) -> None:
    """A statement in a change set of its own."""
    with session.engine.writing():
        history.begin(session.engine, 1, "primary_admin", history.new_change("type.added"))
        session.engine.sql(sql, values)


def unsound(session: Session) -> list[str]:
    """What check finds."""
    return [finding.sentence for finding in checking.check_firm(session) if not finding.sound]


def repair(session: Session) -> None:
    """Whoever owns the firm's database repairs it."""
    opening.repair_firm(session.location.replace(f"//{ADMIN}@", f"//{OWNER}@"))


def rolled_back(session: Session) -> None:
    """A write that comes to nothing."""
    with suppress(ZeroDivisionError), session.engine.writing():
        session.engine.next_ids("client", 2)
        history.begin(session.engine, 1, "primary_admin", history.new_change("type.added"))
        patches.insert(session.engine, "client_type", [{"name": "Lost"}])
        raise ZeroDivisionError


def test_an_id_is_reserved_in_a_transaction_and_never_given_again(session: Session) -> None:
    engine = session.engine
    with engine.writing():
        assert engine.next_ids("client", 3) == range(1, 4)
        assert engine.next_ids("client", 1) == range(4, 5)
    rolled_back(session)
    client = clients.add(session, {"display_name": "Peña SA"})
    assert client.id == 5
    clients.delete(session, client)
    assert clients.add(session, {"display_name": "Vino SL"}).id == 6


def test_the_id_of_a_row_that_is_gone_means_no_other_row(session: Session) -> None:
    kind = client_types.add_type(session, "Trust fund")
    client_types.remove_type(session, kind.id)
    assert client_types.add_type(session, "Charity").id == kind.id + 1
    for type_id in (kind.id, kind.id + 2, 0, -1):
        with pytest.raises(PeeweeException, match="never given again"):
            written(session, "INSERT INTO client_type (id, name, name_key) VALUES (?, 'X', 'x')", type_id)


def test_what_counts_ids_only_counts_up(session: Session) -> None:
    with bare(session.location) as other:
        for statement in (
            "UPDATE id_counter SET next = 1",
            "DELETE FROM id_counter",
            "INSERT INTO id_counter (entity, next) VALUES ('client_type', 1)",
        ):
            with pytest.raises(REFUSED_BY_DATABASE, match=r"never given again|permission denied"):
                other.execute(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM id_counter WHERE entity = 'client'", "is missing, although 2 is given"),
        ("UPDATE id_counter SET next = 1 WHERE entity = 'client'", "gives 1 next, although 2 is given"),
        ("UPDATE id_counter SET next = 9223372036854775807 WHERE entity = 'client'", "gives 9223372036854775807 next"),
    ],
    ids=["missing", "behind", "past"],
)
def test_a_client_counter_that_was_tampered_with_is_told_and_put_right(
    session: Session, statement: str, told: str
) -> None:
    for name in ("Peña SA", "Vino SL"):
        added = clients.add(session, {"display_name": name})
    clients.delete(session, added)  # its id is in the history only
    tamper(session.location, "id_counter", statement)
    (sentence,) = unsound(session)
    assert f"of client {told}" in sentence
    assert "--repair" in sentence
    with pytest.raises(FirmUnusable, match=r"not counted as they were given.*check"):
        clients.add(session, {"display_name": "Tres SL"})
    repair(session)
    assert unsound(session) == []
    assert clients.add(session, {"display_name": "Tres SL"}).id == 3


def test_each_counter_is_looked_at_and_put_right(session: Session) -> None:
    with session.engine.writing():
        run_id = import_runs.insert_run(session.engine, session.me.id, "clients", "list.csv", 1)
        job = session.engine.next_ids("job", 1).start
        change_set = history.begin(
            session.engine, session.me.id, "primary_admin", history.new_change("type.added", job)
        )
        patches.insert(session.engine, "client_type", [{"name": "Charity"}])
        history.seal(session.engine, change_set)
    tamper(
        session.location,
        "id_counter",
        "DELETE FROM id_counter",
        "INSERT INTO id_counter (entity, next) VALUES ('sheet', 5)",
    )
    sentences = " ".join(unsound(session))
    for words in ("of team_member is m", "of client_type is m", "of import_run is m", "of job is m", "of sheet, which"):
        assert words in sentences
    with pytest.raises(FirmUnusable, match="not counted"), session.engine.errors(), session.engine.writing():
        import_runs.insert_run(session.engine, session.me.id, "clients", "list.csv", 1)
    repair(session)
    assert unsound(session) == []
    with session.engine.writing():
        assert session.engine.next_ids("import_run", 1).start == run_id + 1
        assert session.engine.next_ids("job", 1).start == job + 1


@on_a_server
def test_who_owns_the_server_counts_no_ids_back(session: Session) -> None:
    with bare(session.location, OWNER) as owner:
        for statement in ("UPDATE id_counter SET next = 1", "DELETE FROM id_counter", "TRUNCATE id_counter"):
            with pytest.raises(REFUSED_BY_DATABASE, match="never given again"):
                owner.execute(statement)


def test_ids_leave_room_for_those_of_copies(session: Session) -> None:
    tamper(session.location, "firm", "UPDATE firm SET origin = 3")
    assert client_types.add_type(session, "Charity").id == 3 * ROOM + 1
    assert clients.add(session, {"display_name": "Peña SA"}).id == 3 * ROOM + 1
    with session.engine.writing():
        assert session.engine.next_ids("client", 2).start == 3 * ROOM + 2


@pytest.mark.parametrize("table", ["change_set", "history"])
def test_change_sets_and_history_have_no_gaps(session: Session, table: str) -> None:
    for number in range(3):
        clients.add(session, {"display_name": f"Peña {number}"})
        rolled_back(session)
        assert firm_settings.save(session, session.firm, {"name": session.firm.name})  # changes nothing
    numbers = [row[0] for row in session.engine.sql(f"SELECT id FROM {table} ORDER BY id").fetchall()]  # noqa: S608
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_change_set_says_of_which_job_it_is_and_what_it_takes_back(session: Session) -> None:
    engine = session.engine
    with engine.writing():
        job = engine.next_ids("job", 1).start
    for name in ("One", "Two"):
        with engine.writing():
            change_set = history.begin(engine, session.me.id, "primary_admin", history.new_change("type.added", job, 1))
            patches.insert(engine, "client_type", [{"name": name}])
            history.seal(engine, change_set)
    sql = "SELECT job, undoes FROM change_set ORDER BY id"
    assert engine.sql(sql).fetchall() == [(None, None), (job, 1), (job, 1)]
    with bare(session.location) as other, pytest.raises(REFUSED_BY_DATABASE, match=r"never changes|permission denied"):
        other.execute("UPDATE change_set SET job = 9")
