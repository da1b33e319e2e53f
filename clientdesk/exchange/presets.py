"""Files of programs that we know: how they are recognised, and which of their columns is which field.

Columns are matched by their headings, never by their place; case, accents, spaces and punctuation do not matter.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.domain.fields import FIELDS
from clientdesk.domain.fold import fold
from clientdesk.text import N_, _


@lru_cache(maxsize=1024)
def heading_key(heading: str) -> str:
    """What makes two headings the same: their folded letters and digits ("* Client  Nº" is "clientno").

    A heading without any is what stands there ("#").
    """
    folded = fold(heading)
    return "".join(character for character in folded if character.isalnum()) or folded


def _keyed(**columns: str) -> Mapping[str, str]:
    """Fields by the keys of their headings, given as "Heading|Another heading" by field."""
    return MappingProxyType({heading_key(each): name for name, said in columns.items() for each in said.split("|")})


OWN: Mapping[str, str] = MappingProxyType(
    {heading_key(heading): field.name for field in FIELDS for heading in (*field.headings, field.name)}
)
"""The fields by the keys of our own headings: English, Spanish and the catalogue's names."""


class Preset(NamedTuple):
    """A program whose files we know.

    `name` is a stable word, `label` what a person reads. A file is recognised by having all the headings of one of
    the `needed` sets and at least one of `telling`; with `whole` it has no headings but known ones. `columns` are the
    fields by the keys of the headings. `free` says that other columns may be guessed by their headings; else they are
    ignored, because the program has headings that sound like ours and mean something else.
    """

    name: str
    label: str
    needed: tuple[frozenset[str], ...]
    telling: frozenset[str]
    columns: Mapping[str, str]
    whole: bool = False
    free: bool = False

    @property
    def title(self) -> str:
        """The label in the person's language."""
        return _(self.label)

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether a file with these headings is the program's."""
        keys = {heading_key(heading) for heading in headings} - {""}
        if self.whole and not keys <= self.columns.keys():
            return False
        return any(needed <= keys for needed in self.needed) and not keys.isdisjoint(self.telling)


def _blocks(pattern: str, field: str, count: int = 4) -> dict[str, str]:
    """A heading that is there several times with a number, such as "E-mail {} - Value"."""
    return {heading_key(pattern.format(number)): field for number in range(1, count + 1)}


_QUICKBOOKS = ("company_id", "display_name", "client_number")
_LISTS = tuple(
    frozenset(heading_key(field.headings[language]) for field in FIELDS if field.name in _QUICKBOOKS)
    for language in (0, 1)
)

_GOOGLE = {
    **_blocks("E-mail {} - Value", "email"),
    **_blocks("Phone {} - Value", "phone"),
    **_blocks("Website {} - Value", "website"),
    heading_key("Address 1 - Street"): "street",
    heading_key("Address 1 - PO Box"): "street",
    heading_key("Address 1 - Extended Address"): "street",
    heading_key("Address 1 - City"): "city",
    heading_key("Address 1 - Region"): "region",
    heading_key("Address 1 - Postal Code"): "postal_code",
    heading_key("Address 1 - Country"): "country",
    "notes": "notes",
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "clientdesk",
        N_("clientdesk's own export"),
        tuple(frozenset([heading_key(heading)]) for heading in ("Display name", "Nombre para mostrar")),
        frozenset(key for key, name in OWN.items() if name not in _QUICKBOOKS),
        OWN,
        whole=True,
    ),
    Preset("quickbooks", N_("QuickBooks client list"), _LISTS, _LISTS[0] | _LISTS[1], OWN, free=True),
    Preset(
        "xero",
        N_("Xero contacts"),
        (frozenset(["contactname"]),),
        frozenset(["poaddressline1", "poattentionto", "taxnumbername", "emailaddress"]),
        MappingProxyType(
            {
                **_keyed(
                    display_name="ContactName",
                    business_name="LegalName",
                    client_number="AccountNumber",
                    email="EmailAddress",
                    contact_first_name="FirstName",
                    contact_last_name="LastName",
                    city="POCity",
                    region="PORegion",
                    postal_code="POPostalCode",
                    country="POCountry",
                    phone="PhoneNumber",
                    mobile="MobileNumber",
                    tax_id="TaxNumber",
                    website="Website",
                ),
                **_blocks("POAddressLine{}", "street"),
            }
        ),
    ),
    Preset(
        "google",
        N_("Google Contacts"),
        (frozenset(["firstname", "lastname", "organizationname"]),),
        frozenset(["labels", "photo", "email1value", "phone1value", "organizationtitle", "filesas", "fileas"]),
        MappingProxyType(
            {
                **_keyed(
                    contact_first_name="First Name|Middle Name",
                    contact_last_name="Last Name",
                    business_name="Organization Name",
                ),
                **_GOOGLE,
            }
        ),
    ),
    Preset(
        "google_older",
        N_("Google Contacts (older export)"),
        (frozenset(["name", "givenname", "familyname"]),),
        frozenset(["groupmembership", "organization1name", "email1value", "phone1value", "photo"]),
        MappingProxyType(
            {
                **_keyed(
                    display_name="Name",
                    contact_first_name="Given Name|Additional Name",
                    contact_last_name="Family Name",
                    business_name="Organization 1 - Name",
                ),
                **_GOOGLE,
            }
        ),
    ),
    Preset(
        "outlook",
        N_("Outlook contacts"),
        (frozenset(["firstname", "lastname", "company"]),),
        frozenset(["businessstreet", "businessphone", "emaildisplayname", "emailtype", "businesscountryregion"]),
        _keyed(
            contact_first_name="First Name|Middle Name",
            contact_last_name="Last Name",
            business_name="Company",
            street="Business Street|Business Street 2|Business Street 3",
            city="Business City",
            region="Business State",
            postal_code="Business Postal Code",
            country="Business Country|Business Country/Region",
            phone="Business Phone|Company Main Phone|Business Phone 2",
            mobile="Mobile Phone",
            email="E-mail Address|E-mail 2 Address|E-mail 3 Address",
            notes="Notes",
            website="Web Page",
        ),
    ),
    Preset(
        "freshbooks",
        N_("FreshBooks clients"),
        (frozenset(["organization", "firstname", "lastname", "email"]),),
        frozenset(["busphone", "homephone", "mobphone", "street2"]),
        _keyed(
            business_name="Organization",
            contact_first_name="FirstName",
            contact_last_name="LastName",
            email="Email",
            street="Street|Street2",
            city="City",
            region="Province",
            country="Country",
            postal_code="PostalCode",
            phone="BusPhone|HomePhone",
            mobile="MobPhone",
        ),
    ),
)
"""The programs whose files we know, those first that are recognised more surely."""


def recognised(headings: Sequence[str]) -> Preset | None:
    """The program that a file with these headings is from; None where we do not know it."""
    return next((preset for preset in PRESETS if preset.fits(headings)), None)
