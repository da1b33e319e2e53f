"""Of which tables and columns the history keeps every change; what is derived from them is left out."""

from clientdesk.domain.fields import FIELDS, Kind


def column(field_name: str, kind: Kind) -> str:
    """The column of the client's table that holds a field: of a reference it has the id."""
    return f"{field_name}_id" if kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else field_name


HISTORY: dict[str, tuple[str, ...]] = {
    "firm": ("name", "client_notice", "primary_admin_id", "offered_to_id", "upload_limit", "uid"),
    "team_member": ("name", "email", "login", "access", "active"),
    "client_type": ("name",),
    "client": tuple(column(field.name, field.kind) for field in FIELDS),
}

UNTOLD: dict[str, tuple[str, ...]] = {"firm": ("uid",)}
"""Columns of which the first entry of an older firm says nothing, and which have no declared default."""
