"""What can be wrong with a filter: codes and sentences, for the catalogue."""

from clientdesk.text import N_

FILTER_PROBLEMS: dict[str, tuple[str, bool]] = {
    "filter_op": (N_("{label} is not compared by “{op}”. Choose one of: {choices}."), False),
    "filter_value_missing": (N_("{label}: “{op}” has no value to compare with. Write one."), False),
    "filter_one_value": (N_("{label}: “{op}” takes one value. Write a filter for each."), False),
    "filter_span": (N_("{label}: {first} is after {last}. Write the first one first."), False),
    "filter_reference": (N_("{label}: “{value}” is no id. Choose the filter anew."), False),
    "filter_client_type": (
        N_("There is no client type “{value}”. There are: {choices}; “{nothing}” finds the clients without one."),
        False,
    ),
    "filter_lead": (
        N_("There is no active team member “{value}”. Name one who is; “{nothing}” finds the clients without one."),
        False,
    ),
    "filter_days": (
        N_("{label}: “{value}” is several days. Ask for is, is before or is after."),
        False,
    ),
    "unknown_moment": (N_("{label}: there is no day “{value}”. There are: {choices}."), False),
    "filter_word_of_others": (
        N_(
            '{label} is compared with texts, and “{value}” stands for you, or for a day. Write {word}="{value}" for a text '
            "that is written so."
        ),
        False,
    ),
    "filter_unreadable": (
        N_("“{value}” is no filter. Write a field, a sign and a value: city=Madrid. The signs are {signs}."),
        False,
    ),
    "filter_not_closed": (
        N_("“{value}”: the quotation mark behind the value is missing. Write one there, and one in the value twice."),
        False,
    ),
    "filter_quote": (
        N_("“{value}”: behind a value in quotation marks stands something else. Write a quotation mark in it twice."),
        False,
    ),
}
