"""What programs call the parts of an address and the ways to reach somebody, in English and Spanish.

A heading is such a word, alone or beside one that says which address is meant ("Billing City", "Ciudad de
facturación"): the one at work, for bills, or the main one. Those of homes, deliveries and faxes are not among them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

ENGLISH: Mapping[str, str] = {
    "street": (
        "Street|Street 1|Street 2|Street 3|Street address|Street address 1|Street address 2|Street address 3"
        "|Street address line 1|Street address line 2|Street line 1|Street line 2|Address|Address 1|Address 2|Address 3"
        "|Address 4|Address line|Address line 1|Address line 2|Address line 3|Address line 4|Line 1|Line 2|Line 3|Line 4"
        "|Address street|Address street 1|Address street 2"
    ),
    "city": "City|Town|Town/City|City/Town|Suburb|Locality|City name|Address city",
    "region": (
        "State|Province|County|Region|State/Province|Province/State|State/Region|State/County|County/State|State code"
        "|State name|State ID|State or province|Address state|Address region"
    ),
    "postal_code": (
        "Postal code|Zip|Zip code|Postcode|Post code|Zip/Postal code|Postal/Zip code|Postal|Postcode/Zip|PIN code"
        "|Address zip|Address postal code"
    ),
    "country": "Country|Country/Region|Country code|Country name|Country ID|Nation|Country or region|Address country",
    "phone": (
        "Phone|Phone 1|Phone 2|Phone 3|Phone number|Phone number 1|Phone numbers|Phone no|Phone no. 1|Phone no. 2|Phone no. 3"
        "|Phones|Telephone|Telephone no|Telephone number|Telephone 1|Tel|Tel no|Tel. 1|Tel number|Landline"
    ),
    "mobile": (
        "Mobile|Mobile 1|Mobile phone|Mobile phone number|Mobile number|Mobile no|Mobile telephone|Cell|Cell phone"
        "|Cell number|Cell phone number|Cellular|Mob"
    ),
    "email": (
        "Email|Email 1|Email ID|Emails|Email address|Email address 1|Email addresses|E-mail 1 address|Mail|Mail address"
    ),
    "website": "Web|Website|Web site|Web page|Web page 1|Website URL|Web address|URL|Homepage|Home page|WWW",
}
SPANISH: Mapping[str, str] = {
    "street": (
        "Calle|Calle 1|Calle 2|Calle 3|Calle y número|Dirección|Dirección 1|Dirección 2|Dirección 3|Dirección 4|Domicilio"
        "|Domicilio 1|Domicilio 2|Línea de dirección 1|Línea de dirección 2|Línea de dirección 3|Línea de dirección 4"
        "|Línea 1 de la dirección|Línea 2 de la dirección|Línea 1 de dirección|Línea 2 de dirección|Dirección línea 1"
        "|Dirección línea 2"
    ),
    "city": "Ciudad|Población|Localidad|Municipio|Ciudad/Población",
    "region": (
        "Provincia|Región|Comunidad autónoma|Provincia o estado|Estado o provincia|Provincia/Estado|Estado/Provincia"
        "|Estado/Región|Región/Estado|Estado o región"
    ),
    "postal_code": "Código postal|C.P.|Cód. postal|Cod postal|Código P.|CPostal|Distrito postal|Código postal/Zip",
    "country": "País|País/Región|País o región|Código de país|Código país|Nombre del país|País/Territorio",
    "phone": (
        "Teléfono|Teléfono 1|Teléfono 2|Teléfono 3|Teléfonos|Teléfono fijo|Fijo|Tel.|Tel. 1|Tlf.|Tlfno.|Tfno.|Telf."
        "|Número de teléfono|Números de teléfono|Número de teléfono 1|Núm. de teléfono|N.º de teléfono|Nº teléfono"
    ),
    "mobile": (
        "Móvil|Móvil 1|Teléfono móvil|Número de móvil|Número de teléfono móvil|N.º de móvil|Telf. móvil|Tel. móvil"
        "|Tlf. móvil|Celular|Teléfono celular|Número de celular|Tel. celular"
    ),
    "email": (
        "Correo|Correo 1|Correo-e|Correo electrónico|Correo electrónico 1|Correos electrónicos|Dirección de correo"
        "|Dirección de correo electrónico|Dirección de correo electrónico 1|Dirección de email|Dirección email"
        "|Id. de correo electrónico|Dirección del correo electrónico"
    ),
    "website": (
        "Sitio web|Sitio|Página web|Página web 1|Dirección web|URL del sitio web|URL de sitio web|Dirección URL"
    ),
}
_BOTH = frozenset(["website", "email"])
"""Fields whose English words Spanish programs use too: "Email de contacto"."""

WORK: Mapping[str, Sequence[str]] = {
    "en": ("Business {}", "Work {}", "Company {}", "Office {}"),
    "es": ("{} del trabajo", "{} de trabajo", "{} trabajo", "{} de la empresa", "{} de empresa", "{} de la oficina"),
}
MAIN: Mapping[str, Sequence[str]] = {
    "en": (
        *(
            "{}",
            "Billing {}",
            "Bill to {}",
            "Bill {}",
            "Invoice {}",
            "Mailing {}",
            "Postal {}",
            "Main {}",
            "Primary {}",
        ),
        *("Registered {}", "Contact {}", "Customer {}", "Client {}", "Account {}", "Principal {}", "Addr 1 {}"),
    ),
    "es": (
        *("{}", "{} de facturación", "{} facturación", "{} para facturación", "{} fiscal", "{} postal", "{} principal"),
        *("{} primario", "{} primaria", "{} de contacto", "{} contacto", "{} del cliente", "{} cliente", "{} social"),
    ),
}


_OF_AN_ADDRESS = frozenset(["{} de facturación", "{} facturación", "{} para facturación", "{} postal"])
"""Qualifiers that say of an "Estado" that it is a state; alone it is also a client's status."""


def heading_keys(kinds: Sequence[Mapping[str, Sequence[str]]], key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """The key of each heading that the words make with the qualifiers of these `kinds` (WORK, MAIN), with its field.

    `key` makes the key of a piece of a heading; that of the whole is its pieces' keys one behind the other.
    """
    for kind in kinds:
        for language, words in (("en", ENGLISH), ("es", SPANISH)):
            keyed = [
                (key(word), name)
                for name, said in words.items()
                for word in (*said.split("|"), *_foreign(language, name))
            ]
            numbered = [key(word) for word in ("Calle", "Dirección", "Domicilio")] if language == "es" else []
            for pattern in kind[language]:
                before, behind = (key(piece) if piece else "" for piece in pattern.split("{}"))
                for word, name in keyed:
                    yield f"{before}{word}{behind}", name
                for word in numbered:  # "Calle del trabajo 2"
                    for number in (1, 2, 3):
                        yield f"{before}{word}{behind}{number}", "street"
                if language == "es" and (kind is WORK or pattern in _OF_AN_ADDRESS):
                    yield f"{before}estado{behind}", "region"


def _foreign(language: str, name: str) -> Sequence[str]:
    return ENGLISH[name].split("|") if language == "es" and name in _BOTH else ()
