"""What people call the columns of a client list, in English and Spanish, where no program's layout is recognised."""

from collections.abc import Mapping
from types import MappingProxyType

from clientdesk.domain.columns.heading_words import MAIN, WORK, heading_keys
from clientdesk.domain.columns.presets import OWN, heading_key
from clientdesk.domain.columns.switches import SWITCHES_OFF, SWITCHES_ON

# Headings by field, as they are seen in accountants' files; case, accents, spaces and punctuation do not matter.
# What belongs to an address, and the ways to reach somebody, are in `heading_words`.
_SAID = {
    "company_id": "QBO Company ID|QuickBooks Company ID|Intuit Company ID|Id de empresa|Id. empresa",
    "client_number": (
        "Client no|Client nr|Client #|Client number|Client code|Client ID|Client ref|Client reference|Customer number"
        "|Customer no|Customer code|Customer ID|Account number|Account no|Account code|Reference|Ref|Code|Number|Card ID"
        "|Internal reference|Nº cliente|N.º de cliente|Núm. cliente|Num. de cliente|No. cliente|Cliente nº|Código"
        "|Código cliente|Código de cliente|Cód. cliente|Cód.|Referencia|Referencia interna|Ref. cliente|Id. cliente"
        "|Id. de cliente|Id. del cliente|Número|Número de cuenta|N.º de cuenta|Núm. de cuenta|Nº cuenta"
    ),
    "display_name": (
        "Client|Client name|Name|Customer|Customer name|Full name|Known as|Trading name|Trading as|DBA|Customer full name"
        "|Client full name|Customer display name|Client display name|Account display name|Complete name|Co./Last Name"
        "|Cliente|Nombre|Nombre cliente|Nombre del cliente|Nombre de cliente|Nombre completo|Nombre completo del cliente"
        "|Nombre comercial|Nombre o razón social|Nombre y apellidos|Nombre / Razón social|Apellidos y nombre"
        "|Denominación|Nombre a mostrar|Nombre visible|Nombre de visualización|Nombre para mostrar del cliente"
    ),
    "business_name": (
        "Legal name|Registered name|Legal business name|Legal entity name|Denominación social|Nombre fiscal"
        "|Nombre legal|Razon social cliente"
    ),
    "client_type": (
        "Type|Entity type|Entity|Type of client|Business type|Customer type|Tipo|Tipo cliente|Forma jurídica"
    ),
    "lead": (
        "Lead|Accountant|Client manager|Account manager|Manager|Partner|Assigned to|Responsible|Bookkeeper"
        "|Contable|Responsable|Gestor|Asesor|Asesor principal|Asignado a|Contable responsable"
    ),
    "status": (
        "Client status|Customer status|Contact status|Account status|Record status|Estado del cliente|Estado cliente"
        "|Estado de la cuenta|Situación|Situación del cliente|Estatus|Estatus del cliente|Estatus cliente"
    ),
    "email": "Email 2|Email 3|Email address 2|Correo 2|Correo electrónico 2",
    "website": "Site",
    "mobile": "Alt. phone|Alternate phone|Alternative phone|Tel. alterno|Tel. alternativo|Teléfono alternativo",
    "contact_first_name": (
        "First name|Forename|Given name|Middle name|Contact forename|Contact given name|Primary contact first name"
        "|Nombre de contacto|Nombre de pila|Nombre contacto|Segundo nombre"
    ),
    "contact_last_name": (
        "Last name|Surname|Family name|Contact surname|Contact family name|Primary contact last name|Apellidos|Apellido"
        "|Primer apellido|Segundo apellido|Apellido 1|Apellido 2|Apellidos contacto|Apellido(s)"
    ),
    "postal_code": "Billing code|Mailing code|Código de facturación",
    "tax_id": (
        "Tax number|Tax no|Tax ID number|Tax identification number|Taxpayer ID|TIN|EIN|FEIN|SSN|SSN/EIN|EIN/SSN"
        "|VAT|VAT number|VAT no|VAT ID|VAT reg no|VAT registration number|GST number|ABN|UTR|Resale num|Resale number"
        "|Tax registration number|Company tax ID|Business tax ID"
        "|N.I.F.|CIF|C.I.F.|NIF/CIF|CIF/NIF|NIF/NIE|DNI|DNI/NIF|DNI/CIF|NIF/CIF/NIE|NIE|CIF/DNI|RFC|RUT|RUC|CUIT|NIT"
        "|Id. fiscal|Identificación fiscal|Número de identificación fiscal|NIF-IVA|NIF IVA|Código fiscal|Número fiscal"
        "|Núm. de reventa|N.º de identificación fiscal"
    ),
    "fiscal_year_end": (
        "Year end|FYE|Financial year end|Accounting year end|Fin de ejercicio|Cierre fiscal|Cierre|Fin del ejercicio"
        "|Fin de año fiscal|Fin del año fiscal|Cierre de ejercicio|Cierre ejercicio|Cierre del ejercicio"
        "|Fecha de cierre|Fecha cierre|Fecha cierre ejercicio|Fecha de cierre del ejercicio|Fiscal year end date"
    ),
    "subscription": "QuickBooks subscription|QuickBooks product|Subscription plan",
    "billed_to": "Billing to",
    "primary_admin": "Primary admin|Administrador principal",
    "notes": (
        "Note|Comment|Comments|Remarks|Memo|Observaciones|Nota|Comentario|Comentarios|Anotaciones|Internal notes"
        "|Notas internas"
    ),
}
_NUMBERED = {heading_key(f"{said} {number}"): "street" for said in ("Bill to", "Facturar a") for number in range(1, 6)}

SYNONYMS: Mapping[str, str] = MappingProxyType(
    dict(heading_keys((WORK, MAIN), heading_key))
    | _NUMBERED
    | dict.fromkeys((*SWITCHES_ON, *SWITCHES_OFF), "status")
    | {heading_key(heading): name for name, headings in _SAID.items() for heading in headings.split("|")}
    | dict(OWN)
)
"""The field by the key of a heading."""

_FIRMS = (
    "Company|Company name|Business|Organization|Organisation|Organization name|Organisation name|Org name|Firm"
    "|Firm name|Account name|Co.|Company/Organization|Empresa|Nombre de la empresa|Nombre empresa|Nombre de empresa"
    "|Sociedad|Entidad|Compañía|Nombre de la compañía|Organización|Nombre de la organización|Nombre de la cuenta"
    "|Associated company|Associated company (primary)|Primary associated company|Related company|Empresa asociada"
    "|Empresa asociada principal|Empresa asociada (principal)|Empresa relacionada|Compañía relacionada"
)
FIRMS = frozenset(map(heading_key, _FIRMS.split("|")))
"""Headings of a company's name: the display name where no other column gives it, else the business name."""

_ODOO = "Is a company|Related company|Activities|Es una compañía|Es una empresa|Compañía relacionada|Actividades"
OF_ODOO = frozenset(map(heading_key, _ODOO.split("|")))
"""Headings by which a list of Odoo's is known, in which a bare "Company" is the one that keeps the list."""
KEEPERS = frozenset(map(heading_key, ("Company", "Compañía", "Empresa")))

BARE_NAMES = frozenset(map(heading_key, ("Name", "Nombre")))
"""Headings that mean a person's first name where another column has the last name."""
