"""The works of many clients as the board shows them, and which work comes next in a list."""

from datetime import date

from clientdesk.desk import clients, work, work_board, work_doing, work_lists, work_managing, work_templates
from clientdesk.desk.session import Session
from clientdesk.desk.work_board import Look
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.kept_templates import kept_applies
from clientdesk.store import client_work
from tests.desk.worked_on import TODAY, ids, period, read, with_template

PERIODS = tuple(map(period, ("2026-05", "2026-06", "2026-07", "2026-08")))


def a_list(session: Session) -> dict[str, int]:
    """Five clients in the order of their names; the template applies to all but Ceuta, and begins in June."""
    only = kept_applies([Filter("city", Op.IS, ("Vigo",))])
    with_template(session, {"applies": only})
    session.today = lambda: TODAY
    cities = {"Aranda": "Vigo", "Burgos": "Vigo", "Ceuta": "Ceuta", "Denia": "Vigo", "Elche": "Vigo"}
    by_name = {name: clients.add(session, {"display_name": name, "city": city}).id for name, city in cities.items()}
    template = work.template_by_name(session, "Books review")
    work_managing.set_start(session, list(by_name.values()), template, period("2026-06"))
    return by_name


def looks(session: Session) -> dict[str, list[str]]:
    template = work.template_by_name(session, "Books review")
    rows = work_board.window(session, ClientQuery(), template.id, PERIODS, 0, 10)
    return {row.name: [f"{cell.look.value} {cell.left}/{cell.items}".strip() for cell in row.cells] for row in rows}


def test_each_work_has_its_look_and_what_is_left_is_counted(session: Session) -> None:
    by_name = a_list(session)
    done = work_doing.complete(session, read(session, by_name["Aranda"]), anyway=True).work
    july = read(session, by_name["Aranda"], "2026-07")
    work_doing.tick(session, july, ids(july)[:3])
    own = work_managing.add_own_items(
        session, read(session, by_name["Aranda"], "2026-08"), july.sections[0].id, ["Till"]
    )
    work_doing.set_not_applicable(session, own, [item.id for item in own.items if item.title == "Till"])
    waits = read(session, by_name["Burgos"], "2026-07")
    work_doing.set_waiting(session, waits, ids(waits)[:1], "Which?")
    clients.set_status(session, [by_name["Elche"]], False)
    assert done.is_completed
    assert looks(session) == {
        "Aranda": ["0/0", "completed 4/4", "begun 1/4", "begun 4/5"],
        "Burgos": ["0/0", "late 4/4", "waiting 4/4", "todo 4/4"],
        "Ceuta": ["0/0"] * 4,
        "Denia": ["0/0", "late 4/4", "todo 4/4", "todo 4/4"],
    }


def test_the_board_says_the_same_as_the_list_of_works(session: Session) -> None:
    by_name = a_list(session)
    work_doing.tick(session, read(session, by_name["Denia"]), ids(read(session, by_name["Denia"]))[:2])
    work_managing.move_due(session, read(session, by_name["Burgos"], "2026-07"), date(2026, 8, 1))
    template = work.template_by_name(session, "Books review")
    rows = work_board.window(session, ClientQuery(), template.id, PERIODS, 0, 10)
    for number, of in enumerate(PERIODS):
        lines = {line.of.client_id: line for line in work_lists.lines(session, list(by_name.values()), template, of)}
        cells = {row.client_id: row.cells[number] for row in rows if row.cells[number].look is not Look.NONE}
        assert {client_id: (line.due, line.open_items) for client_id, line in lines.items()} == {
            client_id: (cell.due, cell.left) for client_id, cell in cells.items()
        }


def test_a_list_of_works_reads_the_table_and_says_what_follows_from_the_rules(session: Session) -> None:
    by_name = a_list(session)
    client_ids, me = [by_name[name] for name in ("Denia", "Elche", "Ceuta", "Burgos", "Aranda")], session.me.id
    template = work.template_by_name(session, "Books review")
    clients.edit(session, clients.get(session, by_name["Denia"]), {"fiscal_year_end": "03-31"})
    work_doing.complete(session, read(session, by_name["Aranda"]), anyway=True)
    waits = read(session, by_name["Burgos"], "2026-06")
    work_doing.set_waiting(session, waits, ids(waits)[:1], "Which?")
    work_managing.move_due(session, waits, date(2026, 9, 1))
    work_managing.assign(session, read(session, by_name["Denia"], "2026-06"), {1: me})
    lines = sorted(work_lists.lines(session, client_ids), key=lambda line: line.due)
    assert list(work_lists.listed(session, client_ids)) == lines
    assert list(work_lists.listed(session, client_ids, template)) == lines
    for only, names in (
        (work_lists.Only(late=True), ["Denia", "Elche"]),
        (work_lists.Only(waiting=True), ["Burgos"]),
        (work_lists.Only(mine=True), ["Denia"]),
        (work_lists.Only(late=True, waiting=True), []),
    ):
        assert [line.client for line in work_lists.listed(session, client_ids, None, None, only)] == names
    june = [line.client for line in work_lists.listed(session, client_ids, template, period("2026-06"))]
    assert june == ["Denia", "Elche", "Aranda", "Burgos"]
    client_work.note_renewals(session.engine, [template.id], [], me)
    client_work.write(session.engine, [(template.id, by_name["Denia"])], [])
    assert list(work_lists.listed(session, client_ids)) == lines  # while rows are made anew they are not believed


def test_next_and_previous_pass_over_clients_without_such_work(session: Session) -> None:
    by_name = a_list(session)
    template = work.template_by_name(session, "Books review")

    def beside(name: str, step: int, key: str = "2026-07") -> int | None:
        of = WorkOf(by_name[name], template.id, period(key))
        place = work_board.beside(session, ClientQuery(), of, sorted(by_name).index(name), step)
        return None if place is None else place.of.client_id

    assert [beside("Burgos", 1), beside("Denia", -1)] == [by_name["Denia"], by_name["Burgos"]]
    assert [beside("Elche", 1), beside("Aranda", -1), beside("Burgos", 1, "2026-05")] == [None, None, None]
    clients.set_status(session, [by_name["Burgos"]], False)  # it has left the list: its row is Ceuta's
    assert [beside("Burgos", 1), beside("Burgos", -1)] == [by_name["Denia"], by_name["Aranda"]]


def test_a_retired_template_is_not_in_use_and_what_was_done_by_it_is_seen(session: Session) -> None:
    by_name = a_list(session)
    review = read(session, by_name["Aranda"])
    (in_use,) = work_board.templates_in_use(session)
    assert (in_use.name, in_use.now, in_use.begins) == ("Books review", period("2026-08"), period("2026-06"))
    assert work_board.seen(session, review.of)[1:] == (TODAY, 7)
    work_doing.tick(session, review, ids(review)[:1])
    work_templates.retire_template(session, in_use.id)
    assert work_board.templates_in_use(session) == ()
    assert looks(session)["Aranda"] == ["0/0", "late 3/4", "0/0", "0/0"]
