"""What can be wrong with the clients' work: codes and sentences, for the catalogue."""

from clientdesk.text import N_

WORK_PROBLEMS: dict[str, tuple[str, bool]] = {
    # which work is meant
    "template_unread": (N_("The template {name} makes no sense here. Look at it in the settings."), False),
    "no_work_by_template": (
        N_("{name} has no work by the template {template}: it does not apply. Look at whom it applies to."),
        False,
    ),
    "no_work_of_inactive": (
        N_("{name} is inactive: nobody begins work by the template {template} for it. Make it active first."),
        False,
    ),
    "no_work_of_client": (N_("{name} has no work: no template applies. Look at whom the templates apply to."), False),
    "several_works": (N_("{name} has work by several templates: {choices}. Name one of them."), False),
    "template_unnamed": (N_("Several templates are in use, or none: {choices}. Name one of them."), False),
    "unknown_period": (
        N_("“{value}” is no period. Write one as 2026-07, 2026-Q3, 2026-H1, 2026, FY2026 or FY2026-Q3."),
        False,
    ),
    "wrong_period": (
        N_("{period} is no period of {template}: its periods are of the kind {kind}. Name such a one."),
        False,
    ),
    "no_work_in_period": (
        N_("{name} has no {template} in {period}: it begins with {first}. Set another start, or name another period."),
        False,
    ),
    "work_choice_gone": (
        N_("The template, or what was chosen of it, is not in use any more. Choose it anew."),
        False,
    ),
    # items
    "item_of_other_work": (N_("The item “{name}” is not one of this work. Read it again."), False),
    "item_retired": (
        N_("The item “{name}” was retired by {who}: nobody is asked for it any more. Read the work again."),
        False,
    ),
    "item_of_all": (N_("“{name}” is an item of {template} for all clients. Change it in the settings."), False),
    "section_retired": (N_("The section {name} of {of} is retired. Take another one, or bring it back."), False),
    "ambiguous_item": (
        N_("“{value}” is the title of several items: {choices}. Name the section too, as SECTION: ITEM."),
        False,
    ),
    "question_missing": (N_("What is the client asked? Write the question."), False),
    "work_completed": (N_("{name} is completed. Reopen it first, with a reason."), False),
    "work_has_rows": (
        N_("{name} stays, as its items or accounts have been worked on since ({count}). Take that back first."),
        False,
    ),
    # state
    "unknown_work_state": (N_("{template} has no state “{value}”. There are: {choices}."), False),
    "work_retired_state": (N_("The state {name} is retired: no work takes it any more. Choose another one."), False),
    "work_open_items": (
        N_("{name} cannot be completed, as items of it are open ({count}): {names}. Settle them first."),
        False,
    ),
    "work_left_open": (N_("{name} has open items ({count}): {names}. Settle them, or complete it anyway."), False),
    "reason_missing": (N_("Why is {name} reopened? Write the reason."), False),
    "not_completed": (N_("{name} is not completed, so it cannot be reopened. It is: {state}."), False),
    "completed_already": (N_("{name} is completed already. Reopen it where it is to be changed."), False),
    # people and dates
    "unknown_role": (N_("{template} has no role “{value}”. There are: {choices}."), False),
    "inactive_in_work": (N_("{label}: {value} is inactive. Name an active team member, or nobody."), False),
    "no_date": (N_("{label}: “{value}” is no date. Write it as YYYY-MM-DD."), False),
    "far_due": (
        N_("{due} is more than ten years from the period's end ({last}). Write a due date that is nearer."),
        False,
    ),
    "through_ahead": (N_("{through} is more than a year ahead. Write the day up to which it is reconciled."), False),
    "odd_too_long": (
        N_(
            "{period} would have {n} months ({first} to {last}); at most {most} are possible. Write days that are nearer."
        ),
        False,
    ),
    "days_reversed": (N_("The first day {first} is after the last one {last}. Write the earlier one first."), False),
    "days_apart": (N_("A period has a first and a last day. Write both."), False),
    "odd_clash": (
        N_(
            "{period} ({first} to {last}) and {other} ({other_first} to {other_last}) have days in common. Change one of them."
        ),
        False,
    ),
    "odd_gap": (
        N_(
            "Between {other} (up to {other_last}) and {period} (from {first}) are days of no period. Let one of them be longer."
        ),
        False,
    ),
    "no_odd_period": (N_("{name} has no days of its own for {period}. Name a period that has some."), False),
    # accounts
    "unknown_client_account": (N_("{name} has no account “{value}”. There are: {choices}."), False),
    "no_accounts": (N_("{name} has no account “{value}”, and no other one. Add it first."), False),
    "account_taken": (N_("There is an account {name} already. Give another name."), False),
    "account_taken_retired": (
        N_("There is an account {name} already, which is retired. Bring it back, or give another name."),
        False,
    ),
    "account_of_other": (N_("The account {name} is another client's. Take one of this client."), False),
    "currency": (N_("“{value}” is no currency. Write its three letters, such as EUR."), False),
    "currency_in_use": (
        N_("{name} has amounts in {currency}, so it stays in it. Add another account for another currency."),
        False,
    ),
    "no_amount": (N_("{label}: “{value}” is no amount. Write it such as 1234.56 or -0.10."), False),
    "ambiguous_amount": (
        N_("{label}: “{value}” may be {one} or {other}. Write it without a sign between thousands."),
        False,
    ),
    "too_many_decimals": (
        N_("{label}: “{value}” has more decimals than {currency} has ({decimals}). Round it."),
        False,
    ),
    # a member who leaves
    "does_work": (
        N_("{name} is still named for open work ({count}). Say who takes it over, or that nobody does."),
        False,
    ),
    "has_template_roles": (
        N_("{name} still has a role by the templates: {templates}. Say who takes it over, or that nobody does."),
        False,
    ),
}
