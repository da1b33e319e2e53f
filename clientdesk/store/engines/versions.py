"""The version of the schema, the same on both engines, and from which one on a firm can be brought up to date."""

from clientdesk.domain.problems import FirmUnusable, problem

SCHEMA_VERSION = 16
OLDEST = 9
"""Firms of an earlier one were made before anything was released."""


def check(version: int, place: str) -> None:
    """Refuses a firm of a newer clientdesk ("newer"), or of a build before the first release ("earlier_build")."""
    if version > SCHEMA_VERSION:
        raise FirmUnusable(problem("newer", path=place))
    if version < OLDEST:
        raise FirmUnusable(problem("earlier_build", path=place))
