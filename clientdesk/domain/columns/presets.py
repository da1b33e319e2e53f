"""Files of programs that we know: how they are recognised, and which of their columns is which field.

Columns are matched by their headings, never by their place; case, accents, spaces and punctuation do not matter.
"""

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.heading_words import MAIN, WORK, heading_keys
from clientdesk.domain.fold import fold
from clientdesk.domain.quickbooks_upload import UPLOAD_COLUMNS
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
    return MappingProxyType(
        {heading_key(heading): name for name, headings in columns.items() for heading in headings.split("|")}
    )


OWN: Mapping[str, str] = MappingProxyType(
    {heading_key(heading): field.name for field in BUILT_IN.fields for heading in (*field.headings, field.name)}
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

    def fits(self, keys: Set[str]) -> bool:
        """Whether a file whose headings have these keys is the program's."""
        if self.whole and not keys <= self.columns.keys():
            return False
        return any(needed <= keys for needed in self.needed) and not keys.isdisjoint(self.telling)


def _blocks(pattern: str, field: str, count: int = 4) -> dict[str, str]:
    """A heading that is there several times with a number, such as "E-mail {} - Value"."""
    return {heading_key(pattern.format(number)): field for number in range(1, count + 1)}


def _keys(headings: str) -> frozenset[str]:
    return frozenset(map(heading_key, headings.split("|")))


_LISTS = tuple(
    frozenset(heading_key(field.headings[language]) for field in BUILT_IN.fields if field.name in UPLOAD_COLUMNS)
    for language in (0, 1)
)

_AT_WORK: Mapping[str, str] = dict(heading_keys((WORK,), heading_key))
"""The address and the ways to reach somebody at work, as address books call them."""

_VALUES = {
    "email": "E-mail|Email|Correo|Correo electrónico|Dirección de correo electrónico",
    "phone": "Phone|Teléfono",
    "website": "Website|Sitio web|Página web",
}
_PARTS = {
    "street": "Street|PO Box|Extended Address|Calle|Apartado de correos|Apartado postal|Dirección ampliada|Dirección extendida",
    "city": "City|Ciudad|Población|Localidad",
    "region": "Region|Región|Provincia|Estado|Provincia o estado",
    "postal_code": "Postal Code|Código postal",
    "country": "Country|País",
}
_GOOGLE = {
    **{
        key: name
        for name, said in _VALUES.items()
        for word in said.split("|")
        for value in ("Value", "Valor")
        for key in _blocks(f"{word} {{}} - {value}", name)
    },
    **{
        heading_key(f"{address} 1 - {word}"): name
        for name, said in _PARTS.items()
        for word in said.split("|")
        for address in ("Address", "Dirección")
    },
    "notes": "notes",
    "notas": "notes",
}
_GOOGLE_TELLING = _keys(
    "Labels|Photo|Organization Title|File as|E-mail 1 - Value|Phone 1 - Value|Phone 1 - Label|E-mail 1 - Label"
    "|Group Membership|Organization 1 - Name"
) | {key for key, name in _GOOGLE.items() if name in _VALUES and key.endswith(("1value", "1valor"))}


OF_GOOGLE: Set[str] = _GOOGLE.keys() - {"notes", "notas"}
"""The keys of Google's own headings, in whose cells it writes several values of one kind."""


def _xero(prefix: str, words_of_fields: Mapping[str, str]) -> dict[str, str]:
    return {
        heading_key(f"{prefix}{word}"): name for name, words in words_of_fields.items() for word in words.split("|")
    }


PRESETS: tuple[Preset, ...] = (
    Preset(
        "clientdesk",
        N_("clientdesk's own export"),
        tuple(frozenset([heading_key(heading)]) for heading in ("Display name", "Nombre para mostrar")),
        frozenset(key for key, name in OWN.items() if name not in UPLOAD_COLUMNS),
        OWN,
        whole=True,
    ),
    Preset("quickbooks", N_("QuickBooks client list"), _LISTS, _LISTS[0] | _LISTS[1], OWN, free=True),
    Preset(
        "xero",
        N_("Xero contacts"),
        tuple(
            _keys(headings)
            for headings in ("ContactName", "NombreContacto", "Nombre de contacto", "Nombre del contacto")
        ),
        _keys(
            "POAddressLine1|POAttentionTo|TaxNumberName|EmailAddress|PODirección1|POLíneaDirección1|POLíneaDeDirección1"
            "|POAtenciónA|POCiudad|POCódigoPostal|POPaís|DirecciónCorreoElectrónico|SAAddressLine1"
        ),
        MappingProxyType(
            {
                **_keyed(
                    display_name="ContactName|NombreContacto|Nombre de contacto|Nombre del contacto",
                    business_name="LegalName|NombreLegal|RazónSocial|Nombre legal",
                    client_number="AccountNumber|NúmeroCuenta|Número de cuenta|NúmeroDeCuenta",
                    email="EmailAddress|DirecciónCorreoElectrónico|Dirección de correo electrónico|CorreoElectrónico",
                    contact_first_name="FirstName|Nombre",
                    contact_last_name="LastName|Apellidos|Apellido",
                    phone="PhoneNumber|NúmeroTeléfono|Número de teléfono|Teléfono",
                    mobile="MobileNumber|NúmeroMóvil|Número de móvil|Número de teléfono móvil|Móvil",
                    tax_id="TaxNumber|NúmeroFiscal|NúmeroImpuesto|Número de identificación fiscal|Número fiscal|NIF",
                    website="Website|SitioWeb|PáginaWeb",
                ),
                **_xero(
                    "PO",
                    {
                        "city": "City|Ciudad|Población",
                        "region": "Region|Región|Provincia",
                        "postal_code": "PostalCode|CódigoPostal",
                        "country": "Country|País",
                    },
                ),
                **_blocks("POAddressLine{}", "street"),
                **_blocks("PODirección{}", "street"),
                **_blocks("POLíneaDirección{}", "street"),
                **_blocks("POLíneaDeDirección{}", "street"),
            }
        ),
    ),
    Preset(
        "google_older",
        N_("Google Contacts (older export)"),
        (frozenset(["name", "givenname", "familyname"]), _keys("Nombre|Nombre de pila|Apellidos")),
        _GOOGLE_TELLING,
        MappingProxyType(
            {
                **_keyed(
                    display_name="Name|Nombre",
                    contact_first_name="Given Name|Additional Name|Nombre de pila|Segundo nombre",
                    contact_last_name="Family Name|Apellidos",
                    business_name="Organization 1 - Name|Organización 1 - Nombre|Nombre de la organización",
                ),
                **_GOOGLE,
            }
        ),
    ),
    Preset(
        "google",
        N_("Google Contacts"),
        (_keys("First Name|Last Name"), _keys("Nombre|Apellidos")),
        _GOOGLE_TELLING - {"labels", "photo"},
        MappingProxyType(
            {
                **_keyed(
                    contact_first_name="First Name|Middle Name|Nombre|Segundo nombre",
                    contact_last_name="Last Name|Apellidos",
                    business_name="Organization Name|Nombre de la organización|Organización",
                ),
                **_GOOGLE,
            }
        ),
    ),
    Preset(
        "outlook",
        N_("Outlook contacts"),
        (
            *(frozenset(["firstname", "lastname", heading]) for heading in ("company", "organization")),
            *(_keys(f"Nombre|Apellidos|{heading}") for heading in ("Organización", "Compañía", "Empresa")),
        ),
        _keys(
            "Business Street|Business Phone|E-mail Display Name|E-mail Type|Business Country/Region|Business Fax"
            "|Calle del trabajo|Calle de trabajo|Fax del trabajo|Tipo de correo electrónico|Nombre de correo electrónico mostrar|País o región del trabajo"
            "|Nombre para mostrar de correo electrónico|Nombre para mostrar del correo electrónico"
        ),
        MappingProxyType(
            {
                **_AT_WORK,
                **_keyed(
                    contact_first_name="First Name|Middle Name|Nombre|Segundo nombre",
                    contact_last_name="Last Name|Apellidos",
                    business_name="Company|Organization|Organización|Compañía|Empresa",
                    phone=(
                        "Business Phone|Company Main Phone|Business Phone 2|Teléfono del trabajo|Teléfono del trabajo 2"
                        "|Teléfono principal de la organización|Teléfono principal de la compañía"
                    ),
                    mobile="Mobile Phone|Teléfono móvil|Móvil",
                    email=(
                        "E-mail Address|E-mail 2 Address|E-mail 3 Address|Dirección de correo electrónico"
                        "|Dirección de correo electrónico 2|Dirección de correo electrónico 3"
                        "|Dirección del correo electrónico|Dirección del correo electrónico 2"
                        "|Dirección del correo electrónico 3"
                    ),
                    notes="Notes|Notas",
                    website="Web Page|Página web",
                ),
            }
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
    Preset(
        "myob",
        N_("MYOB cards"),
        (_keys("Co./Last Name"),),
        _keys("Card ID|First Name|Card Status|Addr 1 - Line 1|Addr 1 - Email|Addr 1 - City|A.B.N."),
        MappingProxyType(
            {
                **dict(heading_keys((MAIN,), heading_key)),
                **_keyed(
                    display_name="Co./Last Name",
                    contact_first_name="First Name",
                    client_number="Card ID",
                    status="Card Status",
                    tax_id="A.B.N.|ABN",
                    notes="Notes",
                ),
            }
        ),
    ),
)
"""The programs whose files we know, those first that are recognised more surely."""


def recognised(headings: Sequence[str]) -> Preset | None:
    """The program that a file with these headings is from; None where we do not know it."""
    keys = {heading_key(heading) for heading in headings} - {""}
    return next((preset for preset in PRESETS if preset.fits(keys)), None)
