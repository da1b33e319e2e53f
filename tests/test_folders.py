"""The folders of the program are those that platformdirs names."""

import platformdirs
import pytest

from clientdesk.folders import user_folder


@pytest.mark.parametrize("named", ["/elsewhere", "", "relative", None])
def test_the_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, named: str | None) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
        if named is not None:
            monkeypatch.setenv(variable, named)
    for home in ("/home/ana", "home", None):
        monkeypatch.delenv("HOME", raising=False)
        if home is not None:
            monkeypatch.setenv("HOME", home)
        for kind in ("config", "data", "state", "log"):
            theirs = getattr(platformdirs, f"user_{kind}_dir")("clientdesk", appauthor=False)
            assert user_folder(kind) == theirs, (kind, home)
