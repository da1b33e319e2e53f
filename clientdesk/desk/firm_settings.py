"""The firm's settings: read, and changed."""

from collections.abc import Mapping

from clientdesk.desk import patches
from clientdesk.desk.firm_rules import FIRM_KEY
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.records import FirmInfo, SavedFirm
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.firm_settings import BY_NAME
from clientdesk.domain.patch import Patch, Value, Verdict
from clientdesk.domain.problems import refuse


@reads
def info(session: Session) -> FirmInfo:
    """The firm's settings as they stand now."""
    session.refresh()
    return session.firm


def save(session: Session, firm: FirmInfo, changes: Mapping[str, str]) -> FirmInfo:
    """Changes settings of the firm. See `save_settings`."""
    return save_settings(session, firm, changes).firm


@changes("firm.settings", None)
def save_settings(session: Session, firm: FirmInfo, changes: Mapping[str, str]) -> SavedFirm:
    """Changes settings of the firm as they were read, each to what a person writes for it (see `Setting.read`).

    What somebody else changed meanwhile in other settings stays as they have it. Refused where they changed one of the
    same ("stale"), and where your access does not allow it for one of them ("not_allowed").
    """
    after: dict[str, Value] = {}
    for name, value in changes.items():
        if name not in BY_NAME:
            raise refuse("unknown_setting", value=name, choices=", ".join(BY_NAME))
        session.demand(BY_NAME[name].action)
        after[name] = BY_NAME[name].read(value)
    patch = Patch("firm", FIRM_KEY, firm.settings, after)
    outcome = patches.landed(patches.apply_one(session, patch, version=firm.version))
    session.refresh()
    return SavedFirm(session.firm, outcome.fields, outcome.by, outcome.verdict is Verdict.WRITTEN)


@reads
def changed_since(session: Session, firm: FirmInfo, name: str) -> Since:
    """What somebody did to a setting since the firm was read."""
    return since(session, "firm", FIRM_KEY, {name: firm.settings[name]}) or Since()  # there is always a firm
