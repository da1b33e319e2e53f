"""Which firm is opened: the one that is named, or the environment's, or the settings file's, or the one by default."""

import os

from clientdesk.folders import user_folder
from clientdesk.own_settings import own_settings
from clientdesk.server_passwords import LocationError, is_url, without_password


def firm_location(named: str | None = None) -> str:
    """The firm to open: the one named, else CLIENTDESK_FIRM, else the settings', else firm.db in the data folder.

    Raises LocationError for what is neither a path nor a server's URL, and OwnSettingsError.
    """
    of_environment = os.environ.get("CLIENTDESK_FIRM", "")
    if is_url(of_environment):
        try:
            of_environment = without_password(of_environment)
            os.environ["CLIENTDESK_FIRM"] = of_environment  # no program that is started sees the password
        except LocationError:
            if not named:
                raise
    location = named or of_environment or own_settings().firm
    if not location:
        return os.path.join(user_folder("data"), "firm.db")
    return os.path.expanduser(without_password(location))
