"""What can be wrong with what somebody types for when work is due: codes and sentences, for the catalogue."""

from clientdesk.text import N_

DUE_DATE_PROBLEMS: dict[str, tuple[str, bool]] = {
    "unknown_due": (N_("“{value}” does not say when work is due. Write it like one of these: {choices}."), False),
    "due_too_late": (
        N_(
            "“{value}” is later than work can be due. Give at most {months} months, {days} days or {years} years after the period."
        ),
        False,
    ),
    "unknown_due_day": (
        N_(
            "“{value}” names a day that there is not. Give a day from 1 to 31, or month and day as MM-DD, such as 07-25."
        ),
        False,
    ),
}
