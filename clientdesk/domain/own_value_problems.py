"""What can be wrong with what clients have in the firm's own fields, and with their tags: codes and sentences, for the
catalogue."""

from clientdesk.text import N_

OWN_VALUE_PROBLEMS: dict[str, tuple[str, bool]] = {
    "own_number": (N_("{label}: “{value}” is no number. Write it as in 1250.50."), False),
    "own_number_unclear": (
        N_("{label}: “{value}” may be a number with decimals, or a large one. Write 1234 or 1.234."),
        False,
    ),
    "own_date": (N_("{label}: “{value}” is no day. Write it as in 2026-12-31."), False),
    "own_date_unclear": (N_("{label}: “{value}” may be {day_first} or {month_first}. Write YYYY-MM-DD."), False),
    "own_link": (N_("{label}: “{value}” is no address in the web. Write it as in https://example.com."), False),
    "own_member": (N_("{label}: nobody active in the team is called “{value}”. Name one who is."), False),
    "no_own_field_there": (
        N_(
            "{firm} has no field “{label}” of the same kind, which says “{value}” here. Add it there, or empty it here."
        ),
        False,
    ),
    "retired_field": (
        N_("{label} is retired: nothing is looked for in it. Bring the field back, or take it off."),
        False,
    ),
    "own_taken": (N_("{label} “{value}” belongs to “{holder}”. Write another one."), False),
    "own_twice_in_file": (
        N_("{label} “{value}” is in other lines of the file too: {lines}. Give each client its own."),
        False,
    ),
    "field_has_values": (N_("{name} stays: clients have a value of it ({count}). Retire it instead."), False),
    "choice_has_clients": (N_("{name} stays: clients have it ({count}). Retire it instead."), False),
    "too_many_tags_of_client": (N_("A client has at most {limit} tags, not {count}. Take some off."), False),
}
