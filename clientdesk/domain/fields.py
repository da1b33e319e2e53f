"""The fields of a client that every firm has: columns, forms, import, history and --help all follow from this list, which is
read as `catalogue.BUILT_IN`."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, display_text


class Kind(Enum):
    """How a field is filled in."""

    TEXT = "text"
    NOTES = "notes"  # text of several lines
    CHOICE = "choice"  # one of the field's `choices`
    CLIENT_TYPE = "client_type"  # a name from the firm's list of client types
    MEMBER = "member"  # the name of a team member
    NUMBER = "number"  # a whole number (of a setting)
    SWITCH = "switch"  # a yes or no (of a setting)
    # Of a firm's own fields only:
    DECIMAL = "decimal"  # a number, with decimals or without
    DATE = "date"  # a day (YYYY-MM-DD)
    OWN_CHOICE = "own_choice"  # one of the field's choices, by its id
    LINK = "link"  # an address in the web
    TAGS = "tags"  # any of the firm's tags, by their ids


class Section(Enum):
    """The parts of the page and the form; the value is the heading."""

    MAIN = N_("Client")
    CONTACT = N_("Contact")
    ADDRESS = N_("Address")
    BOOKS = N_("Tax and books")
    NOTES = N_("Notes")


class Choice(NamedTuple):
    """One value of a choice field: the word that is stored and the label a person reads; `short` is the label in a narrow
    column, "" where it is the same."""

    value: str
    label: str
    short: str = ""


class Field(NamedTuple):
    """One field of a client.

    `width` is the column's first width in cells; `limit` the greatest length in characters; `headings`
    the names files give the column (English and Spanish); `editor` says who changes it: the form
    ("form"), the form of a new client and later a use case of its own ("new"), only such a use case
    ("command") or nobody ("never"); `instead` is what to do where the form does not change it. `ordered` says
    which values come before others where people ask for that: "number" of client numbers, "day" of days of the year
    (MM-DD), "date" of days (YYYY-MM-DD), "decimal" of numbers, "period" of periods of work by their keys, "" where nobody does. `short` is the label where there is little room, "" where it is the same. `own` says that it is the firm's own: its label is
    its name in the firm, `called` are its choices, or the tags, by the ids that are kept, and `offered` those of them
    that can be taken. One that is `required` is never left empty, of one that is `unique` no two clients have the same.
    """

    name: str
    label: str
    section: Section
    kind: Kind = Kind.TEXT
    width: int = 16
    limit: int = 200
    headings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    editor: str = "form"
    instead: str = ""
    column: bool = False
    searched: bool = False
    folded: bool = False
    identifier: bool = False
    ordered: str = ""
    short: str = ""
    hint: str = ""
    own: bool = False
    called: Mapping[int, str] = MappingProxyType({})
    offered: tuple[int, ...] = ()
    required: bool = False
    unique: bool = False

    @property
    def title(self) -> str:
        """The label in the person's language."""
        return display_text(self.label) if self.own else _(self.label)

    @property
    def short_title(self) -> str:
        """The label in the person's language where there is little room."""
        return self.title if self.own else _(self.short or self.label)

    @property
    def word(self) -> str:
        """How it is called where programs read it: in JSON, and above a CSV of the command line."""
        return self.label if self.own else self.name

    def display(self, value: str) -> str:
        """A stored value as a person reads it: choices by their translated label, the rest as it is. Nothing in a field
        of the firm's own stays nothing."""
        if self.own and not value:
            return ""
        for choice in self.choices:
            if choice.value == value:
                return _(choice.label)
        return value


_MAIN, _CONTACT, _ADDRESS, _BOOKS = Section.MAIN, Section.CONTACT, Section.ADDRESS, Section.BOOKS

STATUSES = (Choice("active", N_("Active")), Choice("inactive", N_("Inactive")))
SUBSCRIPTIONS = (
    Choice("", N_("None"), "–"),
    Choice("ledger", "QuickBooks Ledger", "Ledger"),
    Choice("solopreneur", "QuickBooks Solopreneur", "Solopreneur"),
    Choice("simple_start", "QuickBooks Simple Start", "Simple Start"),
    Choice("essentials", "QuickBooks Essentials", "Essentials"),
    Choice("plus", "QuickBooks Plus", "Plus"),
    Choice("advanced", "QuickBooks Advanced", "Advanced"),
)
YES_NO = (Choice("", N_("None")), Choice("yes", N_("Yes")), Choice("no", N_("No")))
"""The choices of a firm's own field that is a yes or no."""
BILLED_TO = (Choice("", N_("Nobody")), Choice("firm", N_("Firm's plan")), Choice("client", N_("Client")))
PRIMARY_ADMINS = (
    Choice("client", N_("Client")),
    Choice("firm", N_("Firm")),
    Choice("requested", N_("Firm (hand-over requested)"), N_("Requested")),
)

_PLAN = N_("Use the preferred pricing plan.")

FIELDS: tuple[Field, ...] = (
    Field(
        "client_number",
        N_("Client number"),
        _MAIN,
        width=11,
        limit=100,
        column=True,
        searched=True,
        identifier=True,
        ordered="number",
        short=N_("Number"),
        headings=("Client number", "Número de cliente"),
    ),
    Field(
        "display_name",
        N_("Display name"),
        _MAIN,
        width=30,
        column=True,
        searched=True,
        folded=True,
        headings=("Display name", "Nombre para mostrar"),
    ),
    Field(
        "business_name",
        N_("Business name"),
        _MAIN,
        width=26,
        searched=True,
        folded=True,
        headings=("Business name", "Razón social"),
        hint=N_("as on the client's own papers"),
    ),
    Field(
        "client_type",
        N_("Client type"),
        _MAIN,
        Kind.CLIENT_TYPE,
        width=11,
        limit=100,
        column=True,
        short=N_("Type"),
        headings=("Client type", "Tipo de cliente"),
    ),
    Field(
        "lead",
        N_("Lead accountant"),
        _MAIN,
        Kind.MEMBER,
        width=16,
        column=True,
        short=N_("Lead"),
        headings=("Lead accountant", "Contable principal"),
    ),
    Field(
        "status",
        N_("Status"),
        _MAIN,
        Kind.CHOICE,
        width=8,
        choices=STATUSES,
        editor="command",
        column=True,
        instead=N_("Use deactivate or activate."),
        headings=("Status", "Estado"),
    ),
    Field(
        "email",
        N_("E-mail"),
        _MAIN,
        width=28,
        limit=254,
        column=True,
        searched=True,
        headings=("E-mail", "Correo electrónico"),
    ),
    Field(
        "phone",
        N_("Phone"),
        _MAIN,
        width=17,
        limit=50,
        column=True,
        searched=True,
        headings=("Phone", "Teléfono"),
    ),
    Field(
        "company_id",
        N_("Company ID"),
        _MAIN,
        width=17,
        limit=50,
        editor="never",
        searched=True,
        identifier=True,
        instead=N_("It never changes."),
        headings=("Company ID", "Id. de la empresa"),
    ),
    Field(
        "contact_first_name",
        N_("Contact first name"),
        _CONTACT,
        short=N_("First name"),
        width=14,
        limit=100,
        folded=True,
        headings=("Contact first name", "Nombre del contacto"),
    ),
    Field(
        "contact_last_name",
        N_("Contact last name"),
        _CONTACT,
        short=N_("Last name"),
        width=18,
        limit=100,
        folded=True,
        headings=("Contact last name", "Apellidos del contacto"),
    ),
    Field("mobile", N_("Mobile"), _CONTACT, width=17, limit=50, headings=("Mobile", "Móvil")),
    Field("website", N_("Website"), _CONTACT, width=24, headings=("Website", "Sitio web")),
    Field("street", N_("Street"), _ADDRESS, width=24, folded=True, headings=("Street", "Calle")),
    Field("city", N_("City"), _ADDRESS, width=16, limit=100, folded=True, headings=("City", "Ciudad")),
    Field("region", N_("Region"), _ADDRESS, width=14, limit=100, folded=True, headings=("Region", "Provincia")),
    Field(
        "postal_code",
        N_("Postal code"),
        _ADDRESS,
        short=N_("Postcode"),
        width=11,
        limit=20,
        headings=("Postal code", "Código postal"),
    ),
    Field(
        "country",
        N_("Country"),
        _ADDRESS,
        width=12,
        limit=100,
        folded=True,
        headings=("Country", "País"),
        hint=N_("a name or two letters, such as ES; a filter finds what is written"),
    ),
    Field("tax_id", N_("Tax id"), _BOOKS, width=14, limit=50, identifier=True, headings=("Tax id", "NIF")),
    Field(
        "fiscal_year_end",
        N_("Fiscal year end"),
        _BOOKS,
        width=11,
        limit=5,
        ordered="day",
        short=N_("Year end"),
        headings=("Fiscal year end", "Cierre del ejercicio"),
        hint=N_("MM-DD, such as 12-31"),
    ),
    Field(
        "subscription",
        N_("Subscription"),
        _BOOKS,
        Kind.CHOICE,
        width=23,
        choices=SUBSCRIPTIONS,
        headings=("Subscription", "Suscripción"),
    ),
    Field(
        "billed_to",
        N_("Billed to"),
        _BOOKS,
        Kind.CHOICE,
        width=11,
        choices=BILLED_TO,
        editor="new",
        instead=_PLAN,
        headings=("Billed to", "Facturado a"),
    ),
    Field(
        "primary_admin",
        N_("Client's primary admin"),
        _BOOKS,
        Kind.CHOICE,
        short=N_("Primary admin"),
        width=26,
        choices=PRIMARY_ADMINS,
        editor="new",
        instead=_PLAN,
        headings=("Client's primary admin", "Administrador principal del cliente"),
    ),
    Field("notes", N_("Notes"), Section.NOTES, Kind.NOTES, width=30, limit=20_000, headings=("Notes", "Notas")),
)

FIND_LOOKS_IN = N_(
    "Find clients: every word occurs in client number, display name, business name, Company ID, e-mail or phone."
)
"""The same as a person is told it, wherever Find is."""
# What the form shows at once; the rest stands in the closed part "Add more info".
FORM_FIRST: tuple[str, ...] = ("display_name", "business_name", "client_type", "lead", "email", "phone")

CHANGED = Field(
    "changed",
    N_("Last change"),
    Section.MAIN,
    width=10,
    editor="never",
    ordered="date",
    instead=N_("The history says it."),
    headings=("Last change", "Último cambio"),
)
"""The day on which a client was changed last, as the history says it: nothing that a client has, but a column of lists,
which are filtered and sorted by it."""

_INSTEAD = N_("Do the work, or change its template.")
_FIRST_OPEN = N_("the first open one, or that of the filter on Period")
WORK: tuple[Field, ...] = (
    Field(
        "work",
        N_("Work"),
        Section.MAIN,
        Kind.OWN_CHOICE,
        width=16,
        editor="never",
        instead=_INSTEAD,
        headings=("Work", "Trabajo"),
        hint=N_("a template's name; without a filter on it, what is due first"),
    ),
    Field(
        "period",
        N_("Period"),
        Section.MAIN,
        width=10,
        editor="never",
        ordered="period",
        instead=_INSTEAD,
        headings=("Period", "Periodo"),
        hint=N_(
            "as 2026-07, 2026-Q3 or FY2026; @this_month, @last_month; the first open one unless a filter names one"
        ),
    ),
    Field(
        "review",
        N_("Review"),
        Section.MAIN,
        Kind.CHOICE,
        width=18,
        editor="never",
        instead=_INSTEAD,
        headings=("Review", "Revisión"),
        hint=_FIRST_OPEN,
    ),
    Field(
        "open_items",
        N_("Open items"),
        Section.MAIN,
        Kind.DECIMAL,
        width=10,
        editor="never",
        ordered="decimal",
        short=N_("Open"),
        instead=_INSTEAD,
        headings=("Open items", "Puntos pendientes"),
        hint=N_("how many items of that period are neither done nor not applicable"),
    ),
    Field(
        "due",
        N_("Due"),
        Section.MAIN,
        Kind.DATE,
        width=12,
        editor="never",
        ordered="date",
        instead=_INSTEAD,
        headings=("Due", "Vence"),
        hint=N_("YYYY-MM-DD, @today+14 or @this_month"),
    ),
    Field(
        "who",
        N_("Who"),
        Section.MAIN,
        Kind.MEMBER,
        width=18,
        editor="never",
        instead=_INSTEAD,
        headings=("Who", "Quién"),
        hint=N_("in any role"),
    ),
)
"""What lists have of the clients' work in a firm that has a template in use: nothing that a client has, but columns, filters and
orders. They are of the template and the period that the list's filters name; else of the work that is due first, and of its first
open period."""
OF_WORK = frozenset(field.name for field in WORK)
"""The names of these."""
REVIEWS = (
    Choice("not_started", N_("Not started")),
    Choice("started", N_("Started")),
    Choice("waiting", N_("Waiting for client")),
    Choice("completed", N_("Completed")),
)
"""What the review of a period is, whatever states its template has: begun with (and not completed), an item of it waiting for the
client."""
