"""A terminal that is not there: what stands on the screen is drawn when a test looks, not at every change."""

from typing import Any

import pytest
from textual._compositor import Compositor


def only_when_seen(patch: pytest.MonkeyPatch) -> None:
    """From now on nothing is drawn for a terminal that is not there (a third of a test's time)."""

    def nothing(compositor: Compositor, *_how: Any, **_named: Any) -> None:
        compositor._dirty_regions.clear()

    patch.setattr(Compositor, "render_update", nothing)
