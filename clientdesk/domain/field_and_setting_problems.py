"""What can be wrong with a field, a use case or a setting: codes and sentences, for the catalogue."""

from clientdesk.text import N_

USE_PROBLEMS: dict[str, tuple[str, bool]] = {
    # a field of a client or team member
    "required": (N_("{label} is required."), False),
    "too_long": (N_("{label} “{value}” has {length} characters; at most {limit} are allowed. Shorten it."), False),
    "number_too_long": (
        N_("Client number “{value}” has {length} characters; at most {limit} are allowed. Shorten it."),
        False,
    ),
    "number_taken": (N_("Client number {number} belongs to “{holder}”. Choose another one."), False),
    "company_id_taken": (
        N_("Company ID {company_id} belongs to “{holder}”. Take that client, or correct the ID."),
        False,
    ),
    "empty_company_id": (N_("The Company ID is missing. Take it from the client list."), False),
    "control_character": (N_("{label} “{value}” has a control character (U+{character}). Type the cell anew."), False),
    "invisible_character": (
        N_("{label} “{value}” has an invisible character (U+{character}). Type it anew."),
        False,
    ),
    "not_a_choice": (N_("{label}: “{value}” is not one of {choices}."), False),
    "unknown_client_type": (N_("There is no client type “{value}”. There are: {choices}."), False),
    "unknown_lead": (N_("There is no active team member “{value}”. Name one who is, or leave it empty."), False),
    "unknown_field": (N_("There is no field “{value}”. There are: {choices}."), False),
    "unknown_setting": (N_("There is no setting “{value}”. There are: {choices}."), False),
    "fixed_field": (N_("{label} cannot be changed here. {instead}"), False),
    "email": (N_("“{value}” is not an e-mail address: {reason}"), False),
    "fiscal_year_end": (
        N_("“{value}” is no year's end. Write the month and the day as MM-DD, such as 12-31."),
        False,
    ),
    "ambiguous_date": (
        N_("{label} “{value}” may be {day_first} (day first) or {month_first} (month first). Write MM-DD."),
        False,
    ),
    "left_out": (N_("{label}: “{value}” is left out."), True),
    "left_to_plan": (
        N_("{label}: “{value}” is left out; “{action}” in the preferred pricing plan changes it."),
        True,
    ),
    "blank_for_line_end": (N_("{label}: a tab or line end became a blank."), True),
    "plan_without_subscription": (
        N_("The client is billed to the firm's plan and has no subscription. Choose the one that the plan pays for."),
        False,
    ),
    "same_name": (N_("Another client is called “{name}” ({number})."), True),
    "phone": (N_("{label} “{value}” does not look like a phone number. Check its digits."), True),
    "tax_id": (N_("{label} “{value}” does not look like a tax id. Check it, and the client's country."), True),
    "member_name_taken": (
        N_("Another team member is called {name}. Add an initial or a second surname."),
        False,
    ),
    "login_taken": (N_("The login {login} belongs to {name}. Give another one."), False),
    "type_taken": (N_("There is a client type {name} already. Give another name."), False),
    # a row of whatever the firm keeps
    "row_there": (N_("{name} is there already. Change it instead."), False),
    "referred_to": (
        N_(
            "{name} is not deleted, as something refers to it: {entity} ({count}), by {label}. "
            "Delete that first, or let it refer to something else."
        ),
        False,
    ),
    "referred_to_meanwhile": (
        N_(
            "What was to be deleted is referred to in the firm's database, or something refers to what is not there any "
            "more, so nothing was changed. Read it again, and delete first what refers to it."
        ),
        False,
    ),
    "row_gone": (N_("{name} is not there any more: it was deleted by {who}. Add it again where it is needed."), False),
    "row_stays": (N_("{name} stays: it is never deleted."), False),
    "row_of_admin": (N_("Only the primary admin, {admin}, deletes {name}. Ask them."), False),
    "no_such_row": (N_("{label}: there is no {value}. Name one that is there."), False),
    "not_in_a_key": (N_("{label} “{value}” has a “/”, which it may not have. Leave it out."), False),
    "out_of_bounds": (N_("{label}: “{value}” is not what may stand there. Correct it."), False),
    # a setting
    "not_yes_or_no": (N_("{label}: “{value}” is neither yes nor no. Write yes or no."), False),
    "unknown_time_zone": (
        N_("“{value}” is no time zone. Write one by its name: {choices}."),
        False,
    ),
    "not_a_number": (
        N_("{label}: “{value}” is no whole number. Write a whole number, or leave it empty for none."),
        False,
    ),
    "number_out_of_bounds": (
        N_(
            "{label}: “{value}” is too large or too small. Write a whole number from 1 to {limit}, or leave it empty for"
            " none."
        ),
        False,
    ),
    # a use case
    "unknown_client": (N_("No client has the Company ID or client number “{key}”."), False),
    "ambiguous_client": (
        N_(
            "“{key}” is the Company ID of one client and the number of another. Use the Company ID {company_id} or {other}."
        ),
        False,
    ),
    "client_gone": (N_("{name} was deleted by {who}."), False),
    "member_gone": (N_("This team member is not in the firm's list. Read the list again."), False),
    "unknown_member": (N_("No team member has the name or login “{key}”."), False),
    "type_gone": (N_("The client type {name} was removed by {who}. Add it again where it is needed."), False),
    "stale": (N_("{name} was changed by {who} meanwhile."), False),
    "stale_field": (N_("{label} said “{before}” when it was read, and says “{theirs}” now."), False),
    "made_inactive": (N_("{name} was made inactive by {who} meanwhile."), False),
    "database_forbids": (
        N_("The firm's database did not let you change {name}, though nobody else has changed it. Ask {admin}."),
        False,
    ),
    "number_too_great": (
        N_(
            "A number is greater than the firm's database can hold, so nothing was changed. "
            "“clientdesk check” names a row that cannot be changed any more for that."
        ),
        False,
    ),
    "not_allowed": (N_("Your access ({access}) does not allow this: {action}. Ask {admin}."), False),
    "inactive_member": (N_("You are inactive in this firm. Ask {admin}."), False),
    "unknown_account": (
        N_("{firm} does not know the account “{login}”. Ask {admin} to add you to the team."),
        False,
    ),
    "delete_refused": (N_("{name} cannot be deleted permanently yet: {reasons}"), False),
    "primary_admin_stays": (N_("{name} is the firm's primary admin. Hand the role over first."), False),
    "hand_over_needs_full": (
        N_("Only an active team member with full access can take the role; {name} has not. Give it first."),
        False,
    ),
    "offer_stays": (
        N_(
            "{name} holds the offer of the primary admin's role: only {admin} changes their login, access or state now."
        ),
        False,
    ),
    "no_hand_over": (N_("Nobody has offered you the primary admin's role. The present one can do so."), False),
    "member_stays": (N_("{name} stays in the firm's list: a team member is made inactive, never deleted."), False),
    "firm_stays": (N_("There is always one firm here, {name}: it is neither added nor deleted."), False),
    "not_yourself": (N_("You cannot do this to yourself. Ask somebody else with full access."), False),
    "leads_clients": (N_("{name} is still the lead accountant of clients ({count}). Say who takes them."), False),
    "type_in_use": (N_("There are clients of the type {name} ({count}). Give them another type first."), False),
    "not_on_plan": (N_("{name} is not on the firm's plan. Put it on the plan first."), False),
    "already_on_plan": (N_("{name} is on the firm's plan already. Change its subscription instead."), False),
    "hand_over_not_firm": (N_("The firm is not the primary admin of {name}. There is nothing to hand over."), False),
    "hand_over_not_requested": (N_("No hand-over is under way for {name}. Request it first."), False),
    # the settings file
    "settings": (N_("{path} cannot be read as settings: {reason}. Correct the file, or take it away."), False),
    "unknown_command_id": (
        N_("{path}: there is no command “{name}” to give a key to. The help screen (?) shows their names."),
        False,
    ),
    "unknown_key": (
        N_("{path}: “{name}” for {command} is no key. Keys are written like a, A, f5, ctrl+e, shift+up, slash."),
        False,
    ),
    "unusable_key": (
        N_("{path}: {command} cannot have the key {name}: terminals send it for another one. Choose another key."),
        False,
    ),
    "typed_key": (
        N_(
            "{path}: {command} cannot have the key {name}: where it works, this key is typed or edits the text."
            " Choose another key."
        ),
        False,
    ),
    "button_key": (
        N_(
            "{path}: {command} cannot have the key {name}: on the buttons of a dialog it does something else."
            " Choose another key."
        ),
        False,
    ),
    "key_clash": (
        N_("{path}: the key {name} is given to {first} and to {second}. Give one of them another key."),
        False,
    ),
    "columns_tell_nobody": (
        N_(
            "The client number or the display name stays among the columns: it says whose line it is. Show one of them."
        ),
        False,
    ),
    "columns_unread": (
        N_(
            "Your saved columns cannot all be read: {value}. The list shows what can be, or the first columns. Save your "
            "columns anew; what was saved until now is kept beside."
        ),
        True,
    ),
}
