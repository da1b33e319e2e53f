"""Who may do what: one table, asked by every use case."""

from enum import Enum, StrEnum

from clientdesk.text import N_


class Access(StrEnum):
    """A team member's access."""

    PRIMARY_ADMIN = "primary_admin"
    FULL = "full"
    BASIC = "basic"

    @property
    def label(self) -> str:
        """The word a person reads, to be translated."""
        return _LABELS[self.value]


_LABELS = {"primary_admin": N_("primary admin"), "full": N_("full"), "basic": N_("basic")}


class Action(Enum):
    """What a use case does; the value is the phrase a refusal names."""

    VIEW = N_("look at clients")
    ADD_CLIENT = N_("add clients")
    EDIT_CLIENT = N_("edit clients")
    CHANGE_STATUS = N_("deactivate and activate clients")
    DELETE_CLIENT = N_("delete clients permanently")
    MANAGE_PLAN = N_("change the firm's plan")
    IMPORT = N_("import lists")
    REMOVE_IMPORT = N_("take away what cannot be read of an import")
    MANAGE_TEAM = N_("change the team")
    MANAGE_VIEWS = N_("change the firm's views")
    MANAGE_FIRM = N_("change the firm's settings")
    COPY_FIRM = N_("copy the firm")
    EDIT_PRIMARY_ADMIN = N_("change the primary admin's name, e-mail or login")
    HAND_OVER = N_("hand over the primary admin's role")
    DO_WORK = N_("do the clients' work")
    MANAGE_WORK = N_("change the work's templates, people and dates")


READING = frozenset([Action.VIEW, Action.COPY_FIRM])
"""What changes nothing in the firm; all other actions write."""

_EVERYONE = frozenset(Access)
_WRITERS = frozenset([Access.PRIMARY_ADMIN, Access.FULL])
_ADMIN = frozenset([Access.PRIMARY_ADMIN])

MAY: dict[Action, frozenset[Access]] = {
    Action.VIEW: _EVERYONE,
    Action.ADD_CLIENT: _WRITERS,
    Action.EDIT_CLIENT: _WRITERS,
    Action.CHANGE_STATUS: _WRITERS,
    Action.DELETE_CLIENT: _ADMIN,
    Action.MANAGE_PLAN: _WRITERS,
    Action.IMPORT: _WRITERS,
    Action.REMOVE_IMPORT: _ADMIN,
    Action.MANAGE_TEAM: _WRITERS,
    Action.MANAGE_VIEWS: _WRITERS,
    Action.MANAGE_FIRM: _WRITERS,
    Action.COPY_FIRM: _WRITERS,
    Action.EDIT_PRIMARY_ADMIN: _ADMIN,
    Action.HAND_OVER: _ADMIN,
    Action.DO_WORK: _EVERYONE,
    Action.MANAGE_WORK: _WRITERS,
}
"""Who may do what."""


_FROM_LEAST = (Access.BASIC, Access.FULL, Access.PRIMARY_ADMIN)


def least(action: Action) -> Access:
    """The least access that may do an action."""
    return next(access for access in _FROM_LEAST if access in MAY[action])


def reaches(access: Access, needed: Access) -> bool:
    """Whether an access is at least the one that is needed."""
    return _FROM_LEAST.index(access) >= _FROM_LEAST.index(needed)
