"""What people call the columns of a client list, in English and Spanish, where no program's layout is recognised."""

from collections.abc import Mapping
from types import MappingProxyType

from clientdesk.exchange.presets import OWN, heading_key

# Headings by field, as they are seen in accountants' files; case, accents, spaces and punctuation do not matter.
_SAID = {
    "company_id": "QBO Company ID|QuickBooks Company ID|Intuit Company ID|Id de empresa|Id. empresa",
    "client_number": (
        "Client no|Client nr|Client #|Client number|Client code|Client ID|Client ref|Client reference|Customer number"
        "|Customer no|Customer code|Customer ID|Account number|Account no|Account code|Reference|Code|Number"
        "|Nº cliente|N.º de cliente|Núm. cliente|Num. de cliente|No. cliente|Cliente nº|Código|Código cliente"
        "|Código de cliente|Cód. cliente|Cód.|Referencia|Ref. cliente|Id. cliente|Id. de cliente|Número"
    ),
    "display_name": (
        "Client|Client name|Name|Customer|Customer name|Full name|Known as|Trading name|Trading as|DBA"
        "|Cliente|Nombre|Nombre cliente|Nombre del cliente|Nombre completo|Nombre comercial|Nombre o razón social"
        "|Nombre y apellidos|Nombre / Razón social|Apellidos y nombre|Denominación"
    ),
    "business_name": (
        "Legal name|Registered name|Legal business name|Legal entity name|Denominación social|Nombre fiscal"
        "|Nombre legal|Razon social cliente"
    ),
    "client_type": "Type|Entity type|Entity|Type of client|Business type|Customer type|Tipo|Tipo cliente|Forma jurídica",
    "lead": (
        "Lead|Accountant|Client manager|Account manager|Manager|Partner|Assigned to|Responsible|Bookkeeper"
        "|Contable|Responsable|Gestor|Asesor|Asesor principal|Asignado a|Contable responsable"
    ),
    "status": "Client status|Active status|Estado del cliente|Estado cliente|Situación",
    "email": (
        "Email|Email address|E-mail address|Mail|Contact email|Primary email|Main email|Work email|Email 1"
        "|Correo|Correo-e|Correo electrónico 1|Email principal|Dirección de correo|Dirección de correo electrónico"
        "|Dirección email"
    ),
    "phone": (
        "Tel.|Tel no|Telephone|Telephone number|Phone number|Phone no|Phone 1|Primary phone|Main phone|Work phone"
        "|Business phone|Office phone|Landline|Tlf.|Tfno.|Telf.|Teléfono 1|Teléfono fijo|Fijo|Número de teléfono"
        "|Teléfono de contacto"
    ),
    "mobile": (
        "Mobile phone|Mobile number|Mobile no|Cell|Cell phone|Cellphone|Cell number|Mob."
        "|Teléfono móvil|Móvil 1|Celular|Teléfono celular|Telf. móvil|Tel. móvil"
    ),
    "contact_first_name": (
        "First name|Forename|Given name|Middle name|Contact forename|Nombre de contacto|Nombre de pila|Nombre contacto"
    ),
    "contact_last_name": (
        "Last name|Surname|Family name|Contact surname|Apellidos|Apellido|Primer apellido|Segundo apellido"
        "|Apellido 1|Apellido 2|Apellidos contacto"
    ),
    "website": "Web|Web page|Webpage|Web site|URL|Homepage|Web address|Página web|Sitio|Dirección web",
    "street": (
        "Address|Address line 1|Address line 2|Address line 3|Address line 4|Address 1|Address 2|Address 3|Address 4"
        "|Address line|Street address|Street 1|Street 2|Mailing address|Billing address|Billing street"
        "|Dirección|Dirección 1|Dirección 2|Domicilio|Domicilio fiscal|Dirección fiscal|Dirección postal"
    ),
    "city": "Town|Town/City|City/Town|Suburb|Billing city|Población|Localidad|Municipio|Ciudad/Población",
    "region": "State|Province|County|State/Province|Province/State|State/Region|Billing state|Comunidad autónoma",
    "postal_code": (
        "Zip|Zip code|Zipcode|Postcode|Post code|Zip/Postal code|Postal|Postcode/Zip|Billing zip"
        "|C.P.|Cód. postal|Código P.|CPostal"
    ),
    "country": "Country/Region|Country code|Nation|Billing country|País/Región|Código de país",
    "tax_id": (
        "Tax number|Tax no|Tax ID number|Tax identification number|Taxpayer ID|TIN|EIN|FEIN|SSN|SSN/EIN|EIN/SSN"
        "|VAT|VAT number|VAT no|VAT ID|VAT reg no|VAT registration number|GST number|ABN|UTR"
        "|N.I.F.|CIF|C.I.F.|NIF/CIF|CIF/NIF|NIF/NIE|DNI|DNI/NIF|DNI/CIF|NIF/CIF/NIE|NIE|CIF/DNI|RFC|RUT|RUC|CUIT|NIT"
        "|Id. fiscal|Identificación fiscal|Número de identificación fiscal|NIF-IVA|NIF IVA|Código fiscal"
    ),
    "fiscal_year_end": (
        "Year end|FYE|Financial year end|Accounting year end|Fin de ejercicio|Cierre fiscal|Cierre|Fin del ejercicio"
    ),
    "subscription": "QuickBooks subscription|QuickBooks product|Subscription plan",
    "billed_to": "Billing to|Bill to",
    "primary_admin": "Primary admin|Administrador principal",
    "notes": "Note|Comment|Comments|Remarks|Memo|Observaciones|Nota|Comentario|Comentarios|Anotaciones",
}

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {heading_key(each): name for name, said in _SAID.items() for each in said.split("|")} | dict(OWN)
)
"""The field by the key of a heading."""

FIRMS = frozenset(map(heading_key, ("Company", "Company name", "Business", "Organization", "Organisation", "Empresa",
                                    "Nombre de la empresa", "Nombre empresa", "Sociedad", "Entidad")))  # fmt: skip
"""Headings of a company's name: the display name where no other column gives it, else the business name."""

BARE_NAMES = frozenset(map(heading_key, ("Name", "Nombre")))
"""Headings that mean a person's first name where another column has the last name."""
