"""A second firm beside the first."""

import os
from collections.abc import Iterator

import pytest

from clientdesk.desk import opening
from clientdesk.desk.session import Session


@pytest.fixture
def other(session: Session) -> Iterator[Session]:
    """Another firm, Norte SL, where Ana is the primary admin too."""
    path = os.path.join(os.path.dirname(session.location), "other.db")
    other = opening.create_firm(path, "Norte SL", "Ana García", session.login)
    yield other
    other.close()
