"""The gateway: one job at a time, newer reads replace older ones, writes are never interrupted."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, opening
from clientdesk.desk.session import Interrupted
from clientdesk.domain.problems import FirmUnusable, Refused, problem, refuse
from clientdesk.ui.gateway import Dropped, Failed, Gateway
from tests.store.both import tamper
from tests.ui.screen import wait_until


class Desk:
    """A session that can be made to wait, and counts how often it was interrupted."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.interrupts = 0
        self.closed = False
        self.through: threading.Event | None = None
        """What `resume` waits for, as on a server for the interrupt to be through."""
        self.resuming = threading.Event()
        self.given_up = False
        """Whether that did not come while `resume` waited."""
        self.resumed: list[str] = []
        self.started: list[str] = []

    def interrupt(self) -> None:
        self.interrupts += 1
        self.stopped.set()

    def resume(self) -> None:
        self.resuming.set()
        if self.through is not None:
            self.given_up = not self.through.wait(60)
        self.resumed.append(threading.current_thread().name)
        self.stopped.clear()

    def close(self) -> None:
        self.closed = True


def slow(desk: Desk, name: str) -> str:
    """A read that lasts until it is interrupted."""
    desk.started.append(name)
    assert desk.stopped.wait(10)
    raise Interrupted


def quick(desk: Desk, name: str) -> str:
    desk.started.append(name)
    return name


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def gateway(desk: Desk) -> Iterator[Gateway]:
    gateway = Gateway()
    gateway.adopt(desk)  # type: ignore[arg-type]
    yield gateway
    gateway.close(abandon=True)


async def test_a_newer_read_interrupts_the_running_one(gateway: Gateway, desk: Desk) -> None:
    first = asyncio.create_task(gateway.read("list", slow, "first"))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["first"])
    assert await gateway.read("list", quick, "second") == "second"  # type: ignore[arg-type]
    with pytest.raises(Dropped):
        await first
    assert desk.interrupts == 1


async def test_an_interrupt_is_through_before_the_next_job_and_nobody_waits_for_it(
    gateway: Gateway, desk: Desk
) -> None:
    desk.through = threading.Event()
    first = asyncio.create_task(gateway.read("list", slow, "first"))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["first"])
    second = asyncio.create_task(gateway.read("list", quick, "second"))  # type: ignore[arg-type]
    third = asyncio.create_task(gateway.call(quick, "third"))  # type: ignore[arg-type]
    await wait_until(desk.resuming.is_set)
    gateway.drop("list")
    assert not desk.given_up, "the lock is free while the interrupt is waited for"
    assert desk.started == ["first"]
    assert not first.done()
    desk.through.set()
    assert await third == "third"
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(result) for result in results] == [Dropped, Dropped]
    assert set(desk.resumed) == {"clientdesk-gateway"}
    assert desk.interrupts == 1


async def test_while_the_server_is_away_reads_are_refused_and_writes_are_tried(gateway: Gateway, desk: Desk) -> None:
    def writing(desk: Desk) -> None:
        desk.started.append("write")
        raise FirmUnusable(problem("server_away", place="db.example"))

    lost: list[str] = []
    gateway.lost = lambda error: lost.append(error.code)
    with pytest.raises(FirmUnusable):
        await gateway.call(writing)  # type: ignore[arg-type]
    assert lost == ["server_away"]
    gateway.away = FirmUnusable(problem("server_away", place="db.example"))
    with pytest.raises(FirmUnusable) as caught:
        await gateway.read("list", quick, "read")  # type: ignore[arg-type]
    assert caught.value.away
    assert await gateway.ask("watch", quick, "look") == "look"  # type: ignore[arg-type]
    assert await gateway.call(quick, "write again") == "write again"  # type: ignore[arg-type]
    assert desk.started == ["write", "look", "write again"]


async def test_nothing_is_written_while_a_save_is_in_doubt(gateway: Gateway, desk: Desk) -> None:
    gateway.unsure = FirmUnusable(problem("save_unknown"))
    with pytest.raises(FirmUnusable) as caught:
        await gateway.call(quick, "write")  # type: ignore[arg-type]
    assert caught.value.code == "save_unknown"
    assert desk.started == []


async def test_a_waiting_read_is_dropped_and_never_runs(gateway: Gateway, desk: Desk) -> None:
    write = threading.Event()

    def writing(desk: Desk) -> str:
        desk.started.append("write")
        assert write.wait(10)
        return "written"

    running = asyncio.create_task(gateway.call(writing))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["write"])
    reads = [asyncio.create_task(gateway.read("list", quick, text)) for text in ("a", "ab", "abc")]  # type: ignore[arg-type]
    await asyncio.sleep(0)
    write.set()
    results = await asyncio.gather(*reads, return_exceptions=True)
    assert await running == "written"
    assert [type(result) for result in results] == [Dropped, Dropped, str]
    assert desk.started == ["write", "abc"]
    assert desk.interrupts == 0


async def test_a_read_of_another_group_is_left_alone(gateway: Gateway, desk: Desk) -> None:
    details = asyncio.create_task(gateway.read("details", slow, "details"))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["details"])
    other = asyncio.create_task(gateway.read("list", quick, "list"))  # type: ignore[arg-type]
    await asyncio.sleep(0)  # it has asked
    assert desk.interrupts == 0
    gateway.drop("details")
    with pytest.raises(Dropped):
        await details
    assert await other == "list"


async def test_a_cancelled_task_stops_its_read(gateway: Gateway, desk: Desk) -> None:
    task = asyncio.create_task(gateway.read("list", slow, "first"))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["first"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.interrupts == 1
    assert await gateway.call(quick, "next") == "next"  # type: ignore[arg-type]


async def test_refusals_come_through_as_they_are(gateway: Gateway) -> None:
    def refused(_desk: Desk) -> None:
        raise refuse("client_gone")

    with pytest.raises(Refused) as caught:
        await gateway.call(refused)  # type: ignore[arg-type]
    assert caught.value.code == "client_gone"


async def test_the_unexpected_is_logged_and_told_in_a_sentence(gateway: Gateway, tmp_path: Path) -> None:
    def broken(_desk: Desk) -> None:
        raise ZeroDivisionError("of all things")

    with pytest.raises(Failed) as caught:
        await gateway.call(broken)  # type: ignore[arg-type]
    assert str(tmp_path / "clientdesk.log") in caught.value.message
    assert "of all things" not in caught.value.message
    log = (tmp_path / "clientdesk.log").read_text()
    assert "ZeroDivisionError: of all things" in log


async def test_closing_closes_the_session_and_refuses_further_work(desk: Desk) -> None:
    gateway = Gateway()
    gateway.adopt(desk)  # type: ignore[arg-type]
    gateway.close()
    assert desk.closed
    with pytest.raises(Dropped):
        await gateway.call(quick, "late")  # type: ignore[arg-type]


async def test_closing_at_once_interrupts_what_is_running(desk: Desk) -> None:
    gateway = Gateway()
    gateway.adopt(desk)  # type: ignore[arg-type]
    task = asyncio.create_task(gateway.call(slow, "write"))  # type: ignore[arg-type]
    await wait_until(lambda: desk.started == ["write"])
    await asyncio.to_thread(gateway.close, True)
    assert desk.closed
    with pytest.raises(Dropped):
        await task


def test_a_firm_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    gateway = Gateway()
    try:
        with pytest.raises(Refused) as caught:
            gateway.open(str(tmp_path / "none.db"), "ana").result(timeout=10)
        assert caught.value.code == "firm_missing"
    finally:
        gateway.close()


async def test_a_history_that_was_cut_is_said_when_the_firm_opens(tmp_path: Path) -> None:
    path = str(tmp_path / "firm.db")
    with opening.create_firm(path, "Ríos", "Ana García") as session:
        clients.add(session, {"display_name": "Peña"})
        checking.check_firm(session)
    tamper(path, "client", "DELETE FROM client")
    tamper(path, "history", "DELETE FROM history WHERE change_set_id = 2")
    tamper(path, "change_set", "DELETE FROM change_set WHERE id = 2")
    gateway = Gateway()
    try:
        gateway.open(path).result(30)
        assert [notice.code for notice in await gateway.history_warnings()] == ["history_cut"]
    finally:
        gateway.close()
