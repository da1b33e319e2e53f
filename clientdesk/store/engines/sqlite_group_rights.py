"""A firm's file that a group of this computer's accounts shares: setting it up, and what is missing where it is not.

SQLite makes `-wal` and `-shm` beside the file with the file's mode; their group is the folder's only where that has the
setgid bit, else the one of whoever opened the firm, and nobody else of the team can open it then.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import Shared, sqlite_file

FOLDER, FILE = 0o2770, 0o660
_GROUP_WRITES = 0o020
_SIDE_FILES = ("-wal", "-shm")
_NAMED = 5
"""So many of the other things in a folder are named."""


def share(location: str, group: str) -> Shared:
    """Lets a group of this computer work in the firm at `location`.

    Raises FirmUnusable, and changes nothing then unless the system itself refuses a step.
    """
    path = os.path.realpath(location)
    folder = os.path.dirname(path)
    owners: list[int] = []
    with suppress(OSError):  # what is not there is refused next
        owners = [os.stat(place).st_uid for place in (folder, path)]
        if os.geteuid() not in (0, *owners):
            _refuse("share_not_owner", path=folder, owner=_account(owners[0]))
    _look_at_file(location, path)
    group_id = _group_id(group)
    if os.geteuid() in owners:  # root, who shares what others have, need not be in the group
        _look_at_group(group, group_id)
    if sqlite_file.on_network(path):
        _refuse("share_network", path=location)
    _look_at_folder(path, folder, group)
    # The file last but for what stands beside it: what SQLite makes meanwhile has the group, and then the mode.
    modes = ((folder, FOLDER), (path, FILE), *((path + ending, FILE) for ending in _SIDE_FILES))
    for place, mode in modes:
        _lacks(place, group_id, mode)
    for place, mode in modes:
        _give(place, group, group_id, mode)
    return Shared(path, folder, _group(group_id), tuple(_closed_above(folder, group_id)))


def _lacks(path: str, group_id: int, mode: int) -> bool:
    """Whether a file or folder has not the group and mode yet; refused where only its owner can give them to it."""
    try:
        about = os.lstat(path)
    except FileNotFoundError:
        return False  # what stands beside the file goes when the firm is closed
    if (about.st_gid, stat.S_IMODE(about.st_mode)) == (group_id, mode):
        return False
    if os.geteuid() not in (0, about.st_uid):
        code = "share_side_file" if path.endswith(_SIDE_FILES) else "share_not_owner"
        _refuse(code, path=path, owner=_account(about.st_uid))
    return True


def _give(path: str, group: str, group_id: int, mode: int) -> None:
    """Gives a file or folder its group and mode (in this order: a new group takes the setgid bit away)."""
    try:
        if not _lacks(path, group_id, mode):
            return
        os.chown(path, -1, group_id, follow_symlinks=False)
        os.chmod(path, mode)
        about = os.lstat(path)
    except FileNotFoundError:
        return  # what stands beside the file goes when the firm is closed
    except OSError as error:
        _refuse("share_failed", path=path, group=group, reason=error.strerror or str(error))
    if (about.st_gid, stat.S_IMODE(about.st_mode)) != (group_id, mode):
        _refuse("share_not_kept", path=path, mode=f"{mode:04o}")


def _look_at_file(location: str, path: str) -> None:
    try:
        file = sqlite_file.opened(path)
    except FirmUnusable as refusal:
        if refusal.code == "unreadable" and os.path.exists(path):
            _refuse("share_not_owner", path=path, owner=_account(os.stat(path).st_uid))
        raise
    try:
        sqlite_file.look_at(file, location)
    finally:
        file.release()


def _group_id(group: str) -> int:
    try:
        import grp

        return grp.getgrnam(group).gr_gid
    except ImportError:
        _refuse("share_unknown_here")
    except KeyError:
        if group.isascii() and group.isdigit():
            return int(group)
        _refuse("share_no_group", group=group)


def _look_at_group(group: str, group_id: int) -> None:
    import grp
    import pwd

    if group_id in (os.getegid(), *os.getgroups()):
        return
    try:
        account = pwd.getpwuid(os.geteuid())
        if group_id != account.pw_gid and account.pw_name not in grp.getgrgid(group_id).gr_mem:
            _refuse("share_not_member", group=group)
    except KeyError:
        _refuse("share_not_member", group=group)
    if os.geteuid() != 0:
        _refuse("share_log_in_again", group=group)


def _look_at_folder(path: str, folder: str, group: str) -> None:
    """Refuses a folder that holds more than the firm: the group could read its names, and rename and delete all of it."""
    import pwd

    home = next((account for account in pwd.getpwall() if os.path.realpath(account.pw_dir) == folder), None)
    if home is not None or folder == os.path.realpath(os.path.expanduser("~")):
        _refuse("share_home", path=folder, group=group)
    mode = os.stat(folder).st_mode
    if mode & (stat.S_IWOTH | stat.S_ISVTX):
        _refuse("share_open_folder", path=folder, mode=f"{stat.S_IMODE(mode):04o}")
    other_names = _other_names(path, folder)
    if other_names:
        named = ", ".join(other_names[:_NAMED]) + (", …" if len(other_names) > _NAMED else "")
        _refuse("share_others", path=folder, group=group, names=named, count=len(other_names))


def _other_names(path: str, folder: str) -> list[str]:
    """What a folder holds beside the firm at `path`."""
    firm_name = os.path.basename(path)
    return sorted(
        name
        for name in os.listdir(folder)
        if name != firm_name and not name.startswith((f"{firm_name}-", f"{firm_name}."))
    )


def _closed_above(folder: str, group_id: int) -> Iterator[Problem]:
    """The folder above the firm's through which the group does not get, as a warning."""
    above = os.path.dirname(folder)
    while above != folder:
        about = os.stat(above)
        if not about.st_mode & (stat.S_IXGRP if about.st_gid == group_id else stat.S_IXOTH):
            yield problem("share_closed_above", path=above, mode=f"{stat.S_IMODE(about.st_mode):04o}")
            return
        folder, above = above, os.path.dirname(above)


# --- what is missing


def is_meant(path: str) -> bool:
    """Whether several accounts are meant to work in the firm: its group may write the file, or the folder, which hands on
    its group and holds nothing else."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    if os.stat(real).st_mode & _GROUP_WRITES:
        return True
    return _is_handed_on(os.stat(folder)) and os.access(folder, os.R_OK) and not _other_names(real, folder)


def _is_handed_on(folder: os.stat_result) -> bool:
    """Whether what is made in a folder has its group, which may make something there."""
    return bool(folder.st_mode & stat.S_ISGID and folder.st_mode & _GROUP_WRITES)


def group_of(path: str) -> str:
    """The name of the group of a file."""
    return _group(os.stat(path).st_gid)


def missing(path: str) -> list[Problem]:
    """What a group lacks to work in the firm at `path`, each in a sentence; nothing where all is right."""
    path = os.path.realpath(path)
    folder = os.path.dirname(path)
    about = os.stat(folder)
    mode = f"{stat.S_IMODE(about.st_mode):04o}"
    try:
        group_id = about.st_gid if about.st_mode & stat.S_ISGID else os.stat(path).st_gid
    except OSError:
        group_id = about.st_gid
    reasons = []
    if about.st_gid != group_id:
        reasons.append(problem("unshared_group", path=folder, group=_group(about.st_gid), wanted=_group(group_id)))
    if ~about.st_mode & stat.S_IRWXG:
        reasons.append(problem("unshared_folder", path=folder, mode=mode))
    if not about.st_mode & stat.S_ISGID:
        reasons.append(problem("unshared_setgid", path=folder, mode=mode))
    for place in (path, *(path + ending for ending in _SIDE_FILES)):
        try:
            file = os.stat(place)
        except OSError:
            continue  # it is not there, or the folder is closed, which is said
        if file.st_gid != group_id:
            reasons.append(problem("unshared_group", path=place, group=_group(file.st_gid), wanted=_group(group_id)))
        if ~file.st_mode & FILE:
            reasons.append(problem("unshared_file", path=place, mode=f"{stat.S_IMODE(file.st_mode):04o}"))
    return reasons


def explained(refusal: FirmUnusable, path: str) -> FirmUnusable:
    """The refusal of a firm that you may not read or write; where it stands in a shared folder, what is missing."""
    if refusal.code in ("read_only", "unreadable", "beside_of_another", "changes_beside"):
        return half_shared(path) or refusal
    return refusal


def half_shared(path: str) -> FirmUnusable | None:
    """Why a group does not get into a firm that is meant for it; None where that is not known or not so."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    try:
        about = os.stat(folder)
        try:
            file = os.stat(real)
        except PermissionError:
            file = about  # a folder that is closed to the group
        hands_on = about.st_mode & stat.S_ISGID
        if not hands_on and not file.st_mode & _GROUP_WRITES:
            return None
        group_id = about.st_gid if hands_on else file.st_gid
        if group_id not in (os.getegid(), *os.getgroups()):
            is_closed = _is_handed_on(about) and not os.access(folder, os.X_OK)
            return FirmUnusable(problem("not_in_group", path=path, group=_group(group_id))) if is_closed else None
        reasons = missing(real)
        owner = _account(file.st_uid)
    except OSError:
        return None
    if not reasons:
        return None
    sentences = " ".join(reason.message for reason in reasons)
    return FirmUnusable(problem("not_shared", path=path, reasons=sentences, owner=owner, group=_group(group_id)))


def _refuse(code: str, **values: object) -> NoReturn:
    raise FirmUnusable(problem(code, "", **values))


def _group(group_id: int) -> str:
    try:
        import grp

        return grp.getgrgid(group_id).gr_name
    except (ImportError, KeyError):
        return str(group_id)


def _account(user_id: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(user_id).pw_name
    except (ImportError, KeyError):
        return f"uid-{user_id}"
