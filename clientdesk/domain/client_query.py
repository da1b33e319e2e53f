"""What the list shows: filters, search and order."""

from typing import NamedTuple

UNASSIGNED = ""
"""The value of the lead filter for clients without a lead accountant (and of the type filter, without a type)."""


class ClientQuery(NamedTuple):
    """The filters, search and order of a list of clients.

    `client_type` and `lead` are names, None for all, "" for clients that have none; `status` is
    "active", "inactive" or "all"; `find` is what was typed; `billed_to` None for all, else a value
    of that field; `sort` a field's name.
    """

    client_type: str | None = None
    lead: str | None = None
    status: str = "active"
    find: str = ""
    billed_to: str | None = None
    sort: str = "display_name"
    descending: bool = False

    @property
    def filtered(self) -> bool:
        """Whether anything but the first view's filters is on."""
        return self.unfiltered() != self

    def unfiltered(self) -> "ClientQuery":
        """The same order with the filters of a fresh list (active clients, everything found)."""
        return ClientQuery(sort=self.sort, descending=self.descending, billed_to=self.billed_to)

    def everything(self) -> "ClientQuery":
        """The same order with no filter at all, inactive clients too."""
        return self._replace(client_type=None, lead=None, status="all", find="")
