"""What a person does about an import that was stopped, as every screen and the command line say it."""

from typing import TYPE_CHECKING

from clientdesk.desk.imports.records import ClientSetup
from clientdesk.domain.decisions import ADD
from clientdesk.domain.problems import Problem, problem

if TYPE_CHECKING:
    from clientdesk.desk.imports.importing import Import


def adds_twice(setup: ClientSetup | None) -> bool:
    """Whether importing the file again would add once more what is in: nothing finds its clients, and likely duplicates
    are added."""
    return setup is not None and not setup.key and setup.duplicate_default == ADD


def what_next(job: "Import") -> Problem:
    """How the rest of a stopped import gets in: by the file as it is, or without the rows that are in."""
    if not adds_twice(job.setup) or not job.counts().in_firm:
        return problem("again_completes")
    lines = job.lines_in()
    if lines is None:
        return problem("again_adds")
    return problem("again_adds_lines", first=lines[0], last=lines[1])
