"""What can be wrong where a group of a computer's accounts shares a firm's file: codes and sentences, for the catalogue."""

from clientdesk.text import N_

SHARING: dict[str, tuple[str, bool]] = {
    "share_server": (
        N_("{location} is on a server, where an administrator lets logins in. Only a firm in a file is shared so."),
        False,
    ),
    "share_unknown_here": (N_("This computer knows no groups of accounts. Put the firm on a server."), False),
    "share_no_group": (
        N_("There is no group {group} on this computer. Name another one, or have its administrator make it."),
        False,
    ),
    "share_not_member": (
        N_("You are not in the group {group}. Name one of yours, or have the administrator add you, and log in again."),
        False,
    ),
    "share_log_in_again": (N_("You were added to the group {group} after you logged in. Log in again."), False),
    "share_not_owner": (N_("{path} belongs to {owner}. Only they, or root, can share it."), False),
    "share_network": (
        N_(
            "{path} lies on a network file system, where a firm is damaged when several people write. "
            "Move it to a local disk, or put the firm on a server."
        ),
        False,
    ),
    "share_home": (
        N_(
            "{path} is a home folder: everyone in {group} could see what is in it, and rename and delete it. "
            "Move the firm into a folder of its own."
        ),
        False,
    ),
    "share_open_folder": (
        N_("{path} is a folder for everybody (mode {mode}). Move the firm into a folder of its own."),
        False,
    ),
    "share_others": (
        N_(
            "{path} holds other things, too ({count}): {names}. Everyone in {group} could see them, rename and delete "
            "them. Move the firm into a folder of its own."
        ),
        False,
    ),
    "share_side_file": (
        N_("{path} belongs to {owner}. Nothing is lost: they open the firm once more and quit; then share it."),
        False,
    ),
    "share_failed": (N_("{path} could not be given to the group {group}: {reason}."), False),
    "share_not_kept": (
        N_("{path} does not keep the mode {mode}. Move the firm to a disk that knows modes and groups."),
        False,
    ),
    "share_closed_above": (
        N_("The group does not get to the firm yet: {path} lets only some through (mode {mode}); chmod o+x lets all."),
        True,
    ),
    "not_shared": (
        N_("{path} is shared by halves. {reasons} {owner} mends it with “clientdesk firm share {group}”."),
        False,
    ),
    "not_in_group": (
        N_("{path} is for the group {group}, and you are not in it. Have the administrator add you, and log in again."),
        False,
    ),
    "unshared_group": (N_("{path} belongs to the group {group}, not to {wanted}."), False),
    "unshared_folder": (N_("The folder {path} is not the group's to write (mode {mode})."), False),
    "unshared_setgid": (
        N_("The folder {path} has no setgid bit (mode {mode}): what one person's program makes, another cannot open."),
        False,
    ),
    "unshared_file": (N_("{path} is not the group's to write (mode {mode})."), False),
}
