"""An upload of client numbers against the firm: what each row gives to which client, or why it is refused."""

import unicodedata
from collections.abc import Sequence

from clientdesk.desk.import_records import Draft
from clientdesk.desk.session import Session
from clientdesk.domain.cells import formula_like, mixed_script
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import number_key
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import CUT, foreign_characters, looks_cut
from clientdesk.store import clients as rows
from clientdesk.text import N_

FIELDS = ("company_id", "display_name", "client_number")
"""What an upload says of each client, in the order of the cells."""

SHOWN = 80
"""So many characters of a cell are shown in a sentence at most."""

_NUMBER = BY_NAME["client_number"]
_ELSEWHERE = N_("Take the ID from the client list.")


def shortened(text: str) -> str:
    """A cell as a sentence may name it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def look_numbers(session: Session, given: Sequence[tuple[int, Sequence[str]]]) -> list[Draft]:
    """What each row (its number, and its cells in the order of FIELDS) wants of the firm as it stands now.

    Call it inside a use case. Whether a number that another client bears can be had is the caller's to find out.
    """
    found = [(row, [" ".join(cell.split()) for cell in cells]) for row, cells in given]
    bearers = rows.by_company_ids(session.engine, [cells[0] for _row, cells in found])
    numbers = {row: _number(cells[2]) for row, cells in found}
    holders = rows.holders(session.engine, list({key for each in numbers.values() if (key := number_key(each))}))
    return [_draft(row, cells, bearers, numbers[row], holders) for row, cells in found]


def _number(cell: str) -> str:
    """The number that a cell gives: without surplus spaces, composed (NFC), as text for ever."""
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def _draft(
    row: int,
    cells: Sequence[str],
    bearers: dict[str, rows.Bearer],
    number: str,
    holders: dict[str, tuple[int, str]],
) -> Draft:
    company_id = cells[0]
    if not company_id:
        return Draft(row, problem("empty_company_id", "company_id"))
    client = bearers.get(company_id)
    if client is None:
        hint = CUT if looks_cut(company_id) else _ELSEWHERE
        return Draft(row, problem("unknown_company_id", "company_id", company_id=shortened(company_id), hint=hint))
    draft = Draft(row, client_id=client.id, version=client.version, name=client.name, identity=f"id:{client.id}")
    if wrong := foreign_characters(_NUMBER, number):
        return draft.refused(wrong)
    if not _same_name(cells[1], client.name):
        name, given = shortened(client.name), shortened(cells[1])
        return draft.refused(problem("name_mismatch", "display_name", company_id=company_id, name=name, given=given))
    if not number:
        return draft.refused(problem("empty_client_number", "client_number"))
    if len(number) > _NUMBER.limit:
        return draft.refused(
            problem(
                "number_too_long",
                "client_number",
                label=_NUMBER.label,
                value=number,
                length=len(number),
                limit=_NUMBER.limit,
            )
        )
    key = number_key(number)
    holder, holder_name = holders.get(key, (0, ""))
    changes = number != client.number
    return draft._replace(
        notices=_notices(client, number),
        before={"client_number": client.number} if changes else {},
        values={"client_number": number} if changes else {},
        claim=key,
        holder=holder,
        holder_name=holder_name,
        leaves=bool(client.number) and key != number_key(client.number),
    )


def _same_name(cell: str, name: str) -> bool:
    """Whether a cell is the client's display name: NFC, spaces trimmed and collapsed, with case."""
    return unicodedata.normalize("NFC", cell) == unicodedata.normalize("NFC", " ".join(name.split()))


def _notices(client: rows.Bearer, number: str) -> tuple[Problem, ...]:
    """What the person should know although the row is fine."""
    found = []
    if client.status == "inactive":
        found.append(problem("client_inactive", "status", name=shortened(client.name)))
    for code, holds in (
        ("formula_like", formula_like),
        ("mixed_script", mixed_script),
        ("spreadsheet_number", looks_cut),
    ):
        if holds(number):
            found.append(problem(code, "client_number", label=_NUMBER.label, value=number))
    return tuple(found)
