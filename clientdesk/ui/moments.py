"""Moments as a person reads them: one form everywhere."""


def local_time(at: str) -> str:
    """A moment of the history (ISO 8601, UTC) in the computer's own time zone: 2031-05-06 14:03."""
    from datetime import datetime

    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
