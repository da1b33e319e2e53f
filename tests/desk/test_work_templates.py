"""Templates of work: what may stand in one, what changing one keeps, to whom one applies, and the files of them."""

from datetime import date

import pytest

from clientdesk.desk import clients, own_fields, team, template_files, template_parts, work_templates
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.due_dates import due_from
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.kept_templates import kept_applies, kept_roles, kept_states
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.patch import Value
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.problems import Refused
from clientdesk.domain.template_files import FileTemplate, read
from clientdesk.domain.work_templates import Item, Role, Section, State, WorkTemplate
from tests.conftest import At
from tests.worked import tick

IN_VIGO = (Filter("city", Op.IS, ("Vigo",)),)


def shipped(session: Session, name: str = "books-review") -> WorkTemplate:
    """A template that comes with clientdesk, in use."""
    return work_templates.add_template(session, template_files.template_of(session, template_files.shipped(name)))


def small(session: Session, name: str, kind: PeriodKind = PeriodKind.MONTH, **more: object) -> WorkTemplate:
    wanted = template_files.template_of(session, FileTemplate(name, kind))
    return work_templates.add_template(session, wanted._replace(**more))  # type: ignore[arg-type]  # by their names


@pytest.fixture
def review(session: Session) -> WorkTemplate:
    return shipped(session)


def test_what_comes_with_clientdesk_is_taken_in_use_and_given_on(session: Session, other: Session) -> None:
    for name, sections, items in (("books-review", 5, 30), ("books-close", 7, 34)):
        template = shipped(session, name)
        assert (len(template.sections), len(template.items)) == (sections, items)
        assert [state.name for state in template.states][:: len(template.states) - 1] == ["To do", "Completed"]
        text = template_files.file_of(session, template)
        given = template_files.import_template(other, None, template_files.template_of(other, read(text, "x.toml")))
        assert template_files.file_of(other, given) == text
    with pytest.raises(Refused, match="There is a template Books review already"):
        shipped(session, "Books Review")
    assert all(finding.sound for finding in check_firm(session))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "The template's name is required"),
        ({"name": "x" * 61}, "at most 60"),
        ({"name": "PÁYROLL"}, "There is a template Payroll already"),
        ({"name": "old"}, "There is a template Old already, which is retired"),
        ({"due": "soon"}, "“soon” does not say when work is due"),
        ({"roll": "up"}, "is none of|not one of|up"),
        ({"calendar": "mars"}, "There is no calendar “mars”"),
        ({"begins": "2026-Q3"}, "“2026-Q3” is no period of the kind Month. Write one such as 20"),
        ({"applies": kept_applies([Filter("nope", Op.IS, ("x",))])}, "nope"),
        ({"applies": kept_applies([Filter("lead", Op.IS, ("@me",))])}, "“@me” means something else for each person"),
        ({"applies": kept_applies([Filter("changed", Op.AFTER, ("2026-01-01",))])}, "changed last"),
        ({"roles": kept_roles([Role(1, "A"), Role(2, "á")])}, "Two roles are called á"),
        ({"roles": kept_roles([Role(1, "A", "member:2")])}, "nobody who can have the role A"),
        ({"roles": kept_roles([Role(1, "A", "field:own_1")])}, "nobody who can have the role A"),
        ({"roles": "[]"}, "Roles"),
        ({"states": kept_states([State(2, "Doing"), State(3, "to DO")])}, "Two states are called"),
        ({"states": kept_states([State(n, f"S{n}") for n in range(2, 21)])}, "at most 20 states"),
    ],
)
def test_what_a_template_may_not_be_is_a_sentence(
    session: Session, review: WorkTemplate, changes: dict[str, Value], said: str
) -> None:
    small(session, "Payroll")
    work_templates.retire_template(session, small(session, "Old").id)
    eve = team.add_member(session, "Eve", "", "eve", Access.BASIC)
    team.deactivate_member(session, eve.id)
    own_fields.add_field(session, "Acta", OwnKind.TEXT)
    with pytest.raises(Refused, match=said):
        work_templates.save_template(session, review, changes)
    assert work_templates.templates(session)[0] == review


def test_a_change_keeps_what_others_changed_meanwhile(session: Session, review: WorkTemplate, at_work: At) -> None:
    luis = at_work("luis", Access.FULL)
    work_templates.save_template(luis, review, {"due": "5 days"})
    saved = work_templates.save_template(session, review, {"closing": 0})
    assert (saved.meanwhile, saved.by, saved.template.due) == (("due",), "Luis Test", due_from("5 days"))
    with pytest.raises(Refused, match="was changed by Luis Test meanwhile"):
        work_templates.save_template(session, review, {"due": "6 days"})
    with pytest.raises(Refused, match="stays a template of the period Month"):
        work_templates.save_template(session, review, {"period": "year"})
    item = review.items[0]
    template_parts.rename_item(luis, review.id, item, "Read the notes")
    with pytest.raises(Refused, match="The item “Read last month's notes"):
        template_parts.rename_item(session, review.id, item, "Read all notes")


def test_it_applies_to_the_active_clients_that_meet_it(session: Session) -> None:
    session.today = lambda: date(2026, 7, 15)
    for name, city, year_end in (("Mar", "Vigo", "06-30"), ("Pena", "Vigo", ""), ("Sol", "Lugo", "12-31")):
        clients.add(session, {"display_name": name, "city": city, "fiscal_year_end": year_end})
    gone = clients.add(session, {"display_name": "Zoe", "city": "Vigo"})
    clients.set_status(session, [gone.id], active=False)
    more = {"due": due_from("day 20 of month 1"), "applies": IN_VIGO}
    quarter = small(session, "Tax", PeriodKind.FISCAL_QUARTER, **more)
    found = work_templates.applies_to(session, quarter)
    assert (found.clients, found.of, found.problems) == (2, 3, ())
    assert [(work.name, work.period.key, work.due) for work in found.first] == [
        ("Mar", "FY2027-Q1", date(2026, 10, 20)),
        ("Pena", "FY2026-Q3", date(2026, 10, 20)),
    ]
    later = small(session, "Later", begins="2027-01")
    found = work_templates.applies_to(session, later, 1)
    assert [problem.code for problem in found.problems] == ["template_applies_to_all"]
    assert found.first[0].period.key == "2027-01"
    nobody = small(session, "None", applies=(Filter("city", Op.IS, ("Roma",)),))
    assert [problem.code for problem in work_templates.applies_to(session, nobody).problems] == [
        "template_applies_to_nobody"
    ]
    assert work_templates.clients_of(session, [quarter, later, nobody]) == {quarter.id: 2, later.id: 3, nobody.id: 0}


def test_a_file_changes_a_template_and_loses_nothing_that_was_done(session: Session, review: WorkTemplate) -> None:
    client = clients.add(session, {"display_name": "Mar", "city": "Vigo"})
    tick(session, client.id, review.id)
    first, _second, *rest = review.sections
    kept = first._replace(items=(Item(0, "New «one»"), *first.items[2:], first.items[1]))
    wanted = review._replace(sections=(*rest, kept), applies=IN_VIGO)
    told = "\n".join(template_files.effect(session, review, wanted).told)
    for sentence in (
        "Applies to: all active clients → city=Vigo.",
        "Item “New «one»” is added.",
        "Item “Read last month's notes and what was left open” is retired; it was touched in 1 period, which stays.",
        "Section Transaction review is retired with its items.",
        "It applied to 1 client, and applies to 1.",
        "What was done for 1 client by it stays.",
    ):
        assert sentence in told
    assert work_templates.templates(session) == (review,), "nothing was written"
    after = template_files.import_template(session, review, wanted)
    assert [section.name for section in after.standing_sections] == [section.name for section in (*rest, kept)]
    assert [item.title for item in after.standing_sections[-1].standing] == [item.title for item in kept.items]
    ids = {item.title: item.id for section in review.sections for item in section.items}
    assert all(item.id == ids.get(item.title, item.id) for item in after.items), "who ticked an item has ticked it"
    assert template_parts.touched(session, after).items == {first.items[0].id: 1}
    again = template_files.import_template(session, after, review)
    assert [[item.id for item in section.standing] for section in again.standing_sections] == [
        [item.id for item in section.items] for section in review.sections
    ]
    assert template_files.effect(session, again, review).told == ()
    assert all(finding.sound for finding in check_firm(session))


def test_a_state_keeps_its_number(session: Session, review: WorkTemplate) -> None:
    says = template_files.shipped("books-review")._replace(states=("Ready for review", "New"))
    after = template_files.import_template(session, review, template_files.template_of(session, says))
    assert after.own_states == (
        State(4, "Ready for review"),
        State(5, "New"),
        State(2, "In progress", True),
        State(3, "Waiting for client", True),
    )
    back = template_files.template_of(session, template_files.shipped("books-review"))
    assert template_files.import_template(session, after, back).own_states[:3] == review.own_states


def test_there_are_not_too_many_sections_and_items(session: Session, review: WorkTemplate) -> None:
    section = review.sections[0]
    titles = [f"Item {n}" for n in range(171)]
    with pytest.raises(Refused, match="at most 200 items"):
        template_parts.add_items(session, review.id, section.id, titles)
    template_parts.add_items(session, review.id, section.id, titles[:-1])
    with pytest.raises(Refused, match="at most 200 items"):
        template_parts.add_items(session, review.id, section.id, ["One more"])
    with pytest.raises(Refused, match="has the item “Item 1” already"):
        template_parts.add_items(session, review.id, section.id, ["ÍTEM 1"])
    with pytest.raises(Refused, match="has the item “twice” already"):
        template_parts.add_items(
            session, small(session, "Other", sections=(Section(0, "S"),)).id, 6, ["Twice", "twice"]
        )
    template_parts.retire_section(session, review.id, section.id)
    with pytest.raises(Refused, match="has a section Setup already, which is retired"):
        template_parts.add_section(session, review.id, "SETUP")


def test_hostile_words_stay_words(session: Session) -> None:
    name, title = "[red]=1+1 «'\"", "=cmd|' /C [/bold] \u202e"
    with pytest.raises(Refused, match="The item is required"):
        small(session, name, sections=(Section(0, "S", items=(Item(0, "\x1b"),)),))
    added = small(session, name, sections=(Section(0, "S", items=(Item(0, title),)),))
    assert "\u202e" not in added.items[0].title
    says = read(template_files.file_of(session, added), "x.toml")
    assert says.name == name
    assert says.sections == (("S", (added.items[0].title,)),)
