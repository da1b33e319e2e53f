"""Files of templates of work: what is wrong in one is said with its line and what to write."""

import pytest

from clientdesk.domain.problems import Refused
from clientdesk.domain.template_files import FileRole, read, written

GOOD = """name = "Review"
period = "month"
states = ["Doing"]

[[roles]]
name = "Preparer"
by = "lead"

[[roles]]
name = "Boss"
member = "Ana"

[[sections]]
name = "Setup"
items = [
    "Ask",
    "Look",
]
"""


def test_a_file_is_read_and_written() -> None:
    template = read(GOOD, "r.toml")
    assert template.sections == (("Setup", ("Ask", "Look")),)
    assert template.roles == (FileRole("Preparer", by_lead=True, line=5), FileRole("Boss", member="Ana", line=9))
    again = read(written(template), "r.toml")
    assert [role._replace(line=1) for role in again.roles] == [role._replace(line=1) for role in template.roles]
    assert again._replace(lines={}, roles=()) == template._replace(lines={}, roles=())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Review"', '"Review', r"r\.toml is no TOML: .*line 1"),
        ('name = "Review"', "", "“name” is missing. Write it into the file: name = "),
        ('period = "month"', "period = 3", "line 2: “period” must be a text in quotation marks"),
        ('period = "month"', 'period = "week"', "line 2: “period” must be month, quarter"),
        ("states", "state", "line 3: “state” is unknown. There are: name, period"),
        ('["Doing"]', "[3]", "line 3: “states” must be a list of texts"),
        ('by = "lead"', 'by = "Ana"', 'line 7: “by” must be "lead"'),
        ("member", "who", "line 11: “who” is unknown. There are: name, by, member, field"),
        ('name = "Setup"\n', "", "line 13: “name” is missing"),
        ('member = "Ana"', 'member = "Ana"\nby = "lead"', "line 11: The role Boss says more than one .*: by, member"),
        (
            '"Look"',
            ", ".join(f'"{n}"' for n in range(200)),
            "line 17: A template has at most 200 items, not 201: “199” of Setup",
        ),
        ("]\n", "]\n" + "[[sections]]\nname = '1'\n" * 30, "line 77: A template has at most 30 sections, not 31"),
        ('["Doing"]', "[" * 5_000, "is no TOML: its brackets are nested too deeply"),
        ('"Look"', '"ask"', "line 17: The section Setup has the item “ask” already"),
        ('"Look"', '" "', "line 17: The item is required"),
        ('"Look"', f'"{"x" * 201}"', "line 17: .*200"),
        ("]\n", ']\n[[sections]]\nname = "SETUP"\n', "line 20: Review has a section SETUP already"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    start, _old, end = GOOD.rpartition(old) if old in ("]\n", 'name = "Setup"\n') else GOOD.partition(old)
    with pytest.raises(Refused, match=said):
        read(start + new + end, "r.toml")
