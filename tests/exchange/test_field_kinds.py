"""The kinds of files that people bring, each by examples of its own, in English and Spanish."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.desk.session import Session
from clientdesk.domain.import_decisions import of_duplicate
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import AS_FOUND, Choices, open_table
from tests.exchange.conftest import on_a_file
from tests.exchange.firms import Firms, reasons
from tests.exchange.test_field_files import in_the_firm

pytestmark = on_a_file

Planned = Callable[..., Import]


@pytest.fixture
def empty(firms: Firms) -> Iterator[Session]:
    """An empty firm, open."""
    with opening.open_firm(firms.copy("empty")) as session:
        yield session


@pytest.fixture
def planned(empty: Session, tmp_path: Path) -> Iterator[Planned]:
    """The plan of a client list of this text; what is `chosen` goes into its setup."""
    jobs: list[Import] = []

    def plan(text: str, choices: Choices = AS_FOUND, /, **chosen: object) -> Import:
        path = tmp_path / f"list {len(jobs)}.csv"
        path.write_text(text, encoding="utf-8")
        job = Import.open(empty, open_table(str(path), choices), ImportKind.CLIENTS)
        jobs.append(job)
        assert job.setup is not None
        job.set_setup(job.setup._replace(**chosen))  # type: ignore[arg-type]  # what the test says
        job.judge(empty)
        return job

    yield plan
    for job in jobs:
        job.close()


def said(job: Import) -> list[dict[str, str]]:
    """What the rows that are added say, without the fields that are blank."""
    return [{change.field: change.new for change in row.changes if change.new} for row in job.rows(0, 100, "new")]


def told(job: Import) -> list[tuple[int, str, str]]:
    """Line, code and field of what is told of the rows."""
    return [(line, notice.code, notice.field) for line, _name, notice in job.row_notices()]


PROGRAMS = {
    "Google in Spanish": (
        "Nombre,Segundo nombre,Apellidos,Nombre de la organización,Etiquetas,Correo electrónico 1 - Etiqueta,"
        "Correo electrónico 1 - Valor,Teléfono 1 - Etiqueta,Teléfono 1 - Valor,Teléfono 2 - Etiqueta,Teléfono 2 - Valor,"
        "Dirección 1 - Calle,Dirección 1 - Ciudad,Dirección 1 - Código postal,Dirección 1 - País\n"
        "Eva,María,Paz,Luz SL,x,Trabajo,eva@luz.example,Fax del trabajo,911,Móvil,600111222,Sol 2,Lugo,27001,España\n",
        {"display_name": "Luz SL", "contact_first_name": "Eva María", "mobile": "600111222", "city": "Lugo"},
    ),
    "Xero in Spanish": (
        "*NombreContacto,NúmeroCuenta,DirecciónCorreoElectrónico,Nombre,Apellidos,PODirección1,PODirección2,POCiudad,"
        "PORegión,POCódigoPostal,POPaís,SADirección1,NúmeroTeléfono,NúmeroFax,NúmeroMóvil\n"
        "Luz SL,L1,eva@luz.example,Eva,Paz,Sol 2,1A,Lugo,Galicia,27001,España,No 9,982111222,982000000,600111222\n",
        {
            "display_name": "Luz SL",
            "client_number": "L1",
            "street": "Sol 2, 1A",
            "region": "Galicia",
            "phone": "982111222",
            "mobile": "600111222",
            "email": "eva@luz.example",
            "contact_last_name": "Paz",
        },
    ),
    "QuickBooks in Spanish": (
        "Cliente,Compañía,Calle,Ciudad,Estado,País,C.P.,Teléfono,Correo electrónico,Saldo pendiente\n"
        "Luz,Luz SL,Sol 2,Mérida,Yucatán,México,97000,9991112222,eva@luz.example,0\n",
        {"display_name": "Luz", "business_name": "Luz SL", "region": "Yucatán", "postal_code": "97000"},
    ),
    "QuickBooks Desktop in Spanish": (
        "Estado activo,Cliente,Compañía,Nombre,Apellidos,Teléfono principal,Fax,Tel. alterno,Correo principal,"
        "Facturar a 1,Facturar a 2,Facturar a 3,N.º de cuenta\n"
        "No activo,Luz SL,Luz SL,Eva,Paz,982111222,98,600111222,eva@luz.example,Luz S.L.,Eva Paz,Sol 2,L1\n",
        {"status": "Inactive", "street": "Sol 2", "mobile": "600111222", "client_number": "L1"},
    ),
    "Thunderbird in Spanish": (
        "Nombre,Apellidos,Nombre para mostrar,Apodo,Correo electrónico primario,Teléfono del trabajo,"
        "Teléfono particular,Número de fax,Número de móvil,Dirección del trabajo,Dirección del trabajo 2,"
        "Ciudad del trabajo,Código postal del trabajo,País del trabajo,Organización,Página web 1\n"
        "Eva,Paz,Eva Paz,,eva@luz.example,982111222,1,2,600111222,Sol 2,1A,Lugo,27001,España,Luz SL,https://luz.example\n",
        {
            "display_name": "Eva Paz",
            "business_name": "Luz SL",
            "street": "Sol 2, 1A",
            "phone": "982111222",
            "mobile": "600111222",
            "city": "Lugo",
            "website": "https://luz.example",
            "email": "eva@luz.example",
        },
    ),
    "Salesforce": (
        "Account Name,Account Number,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,"
        "ShippingStreet,Phone,Fax,Website\nLuz SL,L1,Sol 2,Lugo,Galicia,27001,Spain,No 9,982111222,98,luz.example\n",
        {"display_name": "Luz SL", "client_number": "L1", "street": "Sol 2", "postal_code": "27001", "city": "Lugo"},
    ),
    "a report of Salesforce's contacts": (
        "First Name,Last Name,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,"
        "Mailing Country,Phone,Mobile,Email\nEva,Paz,Luz SL,Sol 2,Lugo,Galicia,27001,Spain,982111222,600111222,e@luz.example\n",
        {"display_name": "Luz SL", "contact_first_name": "Eva", "region": "Galicia", "postal_code": "27001"},
    ),
    "Wave": (
        "customer_name,email,contact_first_name,contact_last_name,customer_currency,account_number,phone,fax,mobile,"
        "website,country,province/state,address_line_1,address_line_2,city,postal_code/zip_code,ship-to_contact,"
        "ship-to_city,ship-to_postal_code/zip_code,ship-to_province/state\n"
        "Luz SL,e@luz.example,Eva,Paz,EUR,L1,982111222,98,600111222,,Spain,Galicia,Sol 2,1A,,27001,X,Vigo,36001,Y\n",
        {
            "display_name": "Luz SL",
            "street": "Sol 2, 1A",
            "postal_code": "27001",
            "region": "Galicia",
            "phone": "982111222",
        },
    ),
    "HubSpot in Spanish": (
        "Nombre de la empresa,Número de teléfono,Ciudad,Estado/región,Código postal,País/región,Dirección,"
        "URL del sitio web\nLuz SL,982111222,Lugo,Galicia,27001,España,Sol 2,https://luz.example\n",
        {"display_name": "Luz SL", "region": "Galicia", "country": "España", "website": "https://luz.example"},
    ),
    "Odoo": (
        "name,email,phone,mobile,street,street2,zip,city,state_id,country_id,vat,ref,active\n"
        "Luz SL,e@luz.example,982111222,600111222,Sol 2,1A,27001,Lugo,Galicia,Spain,B12345674,L1,False\n",
        {
            "display_name": "Luz SL",
            "street": "Sol 2, 1A",
            "tax_id": "B12345674",
            "status": "Inactive",
            "region": "Galicia",
        },
    ),
    "MYOB": (
        "Co./Last Name,First Name,Card ID,Card Status,Addr 1 - Line 1,- Line 2,- Line 3,- City,- State,- Postcode,"
        "- Country,- Phone No. 1,- Fax No.,- Email,- WWW,Addr 2 - Line 1,- Line 2,- City,A.B.N.\n"
        "Luz Pty Ltd,,*None,N,Luz Pty Ltd,Sun St 2,,Perth,WA,6000,Australia,0812345678,08,e@luz.example,,No 9,Nr 8,Hobart,\n",
        {
            "display_name": "Luz Pty Ltd",
            "street": "Sun St 2",
            "city": "Perth",
            "status": "Active",
            "phone": "0812345678",
        },
    ),
    "Zoho in Spanish": (
        "Nombre para mostrar,Nombre de la empresa,Dirección de facturación,Calle de facturación 2,"
        "Ciudad de facturación,Código de facturación,País de facturación,Dirección de envío,Teléfono móvil\n"
        "Luz,Luz SL,Sol 2,1A,Lugo,27001,España,No 9,600111222\n",
        {"display_name": "Luz", "business_name": "Luz SL", "street": "Sol 2, 1A", "postal_code": "27001"},
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_lists_of_programs(planned: Planned, program: str) -> None:
    text, expected = PROGRAMS[program]
    job = planned(text)
    assert reasons(job) == {}
    (row,) = said(job)
    assert {name: row.get(name, "") for name in expected} == expected
    assert "No 9" not in row["street"] if "street" in row else True
    assert row.get("client_number") != "*None"


# --- names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Debtor,E-mail\nSol SL,a@sol.example\n", "Debtor"),
        ("Titular,NIF,Correo\nSol SL,B12345674,a@sol.example\n", "Titular"),
        ("First name,E-mail,Whatever\nAna,a@sol.example,Sol SL\n", "Whatever"),
        ('E-mail,When,Sum\na@sol.example,2024-01-01,"1,00"\n', ""),
    ],
)
def test_without_a_column_of_names_the_file_is_refused_and_the_likely_one_named(
    planned: Planned, text: str, named: str
) -> None:
    with pytest.raises(Refused) as caught:
        planned(text)
    assert caught.value.code == ("name_column_unknown" if named else "no_name_column")
    assert f"“{named}”" in caught.value.message or not named
    assert caught.value.message.count("\n") == 0


def test_a_first_and_last_name_together_are_a_name(planned: Planned) -> None:
    job = planned("First name,Last name,E-mail\nAna,Ríos,a@b.es\nLuis,,l@b.es\n,,x@b.es\n")
    assert [row["display_name"] for row in said(job)] == ["Ana Ríos"]
    assert reasons(job) == {3: "no_name", 4: "continues_row"}


def test_a_person_can_say_that_an_address_is_the_name(planned: Planned) -> None:
    job = planned("Who,E-mail\nx,a@b.es\n", columns=("", "display_name"))
    assert [row["display_name"] for row in said(job)] == ["a@b.es"]


def test_a_heading_that_is_exactly_ours_counts_in_every_program(planned: Planned) -> None:
    job = planned("*ContactName,EmailAddress,Notes,Fiscal year end\nSol SL,a@sol.example,hello,06-30\n")
    assert said(job)[0] | {"email": ""} == {
        "display_name": "Sol SL", "email": "", "notes": "hello", "fiscal_year_end": "06-30",
    }  # fmt: skip


def test_our_heading_counts_more_than_the_programs_own(planned: Planned) -> None:
    job = planned(
        "*ContactName,AccountNumber,EmailAddress,LegalName,Display name,Client number,Business name,E-mail\n"
        "Wrong,X-1,,Wrong,Sol,N-1,Sol SL,a@sol.example\n"
    )
    assert said(job) == [
        {"display_name": "Sol", "client_number": "N-1", "business_name": "Sol SL", "email": "a@sol.example"}
    ]


# --- status


@pytest.mark.parametrize(
    ("heading", "cell", "status"),
    [
        ("Status", "Disabled", "Inactive"),
        ("Status", "Closed", "Inactive"),
        ("Status", "Enabled", "Active"),
        ("Estado", "Archivado", "Inactive"),
        ("Estado", "De baja", "Inactive"),
        ("Situación", "Dada de alta", ""),
        ("enabled", "false", "Inactive"),
        ("enabled", "TRUE", "Active"),
        ("Active Status", "Not-active", "Inactive"),
        ("Active Status", "0", "Inactive"),
        ("Activo", "Sí", "Active"),
        ("Habilitado", "no", "Inactive"),
        ("Inactive", "yes", "Inactive"),
        ("Inactive", "0", "Active"),
        ("Archivado", "verdadero", "Inactive"),
        ("Status", "yes", ""),
        ("Status", "Prospect", ""),
    ],
)
def test_words_of_a_status(planned: Planned, heading: str, cell: str, status: str) -> None:
    job = planned(f"Name,{heading}\nSol SL,{cell}\nMar SL,Active\n")
    if status:
        assert [row.get("status") for row in said(job)] == [status, "Active"]
    else:
        assert reasons(job) == {2: "not_a_choice"}
        assert [row["display_name"] for row in said(job)] == ["Mar SL"]


# --- what stands beside an address or a number


def test_what_is_left_out_is_told(planned: Planned) -> None:
    job = planned(
        "Nombre,Correo electrónico,Teléfono,Móvil\n"
        "A,Ana <a@a.example>; b@a.example,Fax: 982000000 / Tel.: 982111222,no tiene\n"
        "B,b@b.example,982111222 (Eva) móvil 600111222,\n"
        "C,sin correo,982 11 12 22 ext. 7,600111222 / 600333444\n"
        "D,d@@d,,\n"
    )
    assert [{**row, "display_name": ""} for row in said(job)] == [
        {"display_name": "", "email": "a@a.example", "phone": "982111222"},
        {"display_name": "", "email": "b@b.example", "phone": "982111222", "mobile": "600111222"},
        {"display_name": "", "phone": "982 11 12 22 ext. 7", "mobile": "600111222"},
        {"display_name": ""},
    ]
    assert told(job) == [
        (2, "left_out", "email"),
        (2, "left_out", "phone"),
        (2, "left_out", "mobile"),
        (3, "left_out", "phone"),
        (4, "left_out", "email"),
        (4, "left_out", "mobile"),
        (5, "left_out", "email"),
    ]
    assert reasons(job) == {}


@pytest.mark.parametrize(
    ("head", "row", "values", "left_out"),
    [
        (
            "Name,Phone,Phone 2,Email,Email 2",
            "Sol SL,n/a,913345678,a@x.example,b@x.example",
            {"phone": "913345678", "email": "a@x.example"},
            ["Phone: “n/a”", "E-mail: “b@x.example”"],
        ),
        (
            "First Name,Last Name,Organization Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Website 1 - Value",
            "Eva,Paz,,Pager,911111111,Mobile fax,922222222,x.example ::: y.example",
            {"website": "x.example"},
            ["Website: “y.example”", "Phone: “Pager 911111111”", "Phone: “Mobile fax 922222222”"],
        ),
        (
            "First Name,Last Name,Company,E-mail Address,Business Phone,Business Street,E-mail,Phone,Street",
            "Eva,Paz,Luz SL,a@luz.example,982111222,Sol 2,own@luz.example,982333444,Own 1",
            {"email": "own@luz.example", "phone": "982333444", "street": "Own 1"},
            ["E-mail: “a@luz.example”", "Phone: “982111222”", "Street: “Sol 2”"],
        ),
        (
            "First Name,Last Name,Company,E-mail Address,Business Phone,Business Street,E-mail,Phone,Street",
            "Eva,Paz,Luz SL,a@luz.example,982111222,Sol 2,,,",
            {"email": "a@luz.example", "phone": "982111222", "street": "Sol 2"},
            [],
        ),
        (
            "First Name,Last Name,Company,E-mail Address,Business Phone,Business Street,Business name,Notes,Tax id",
            "Eva,Paz,Luz,,982111222,,Luz SL,x,B12345674",
            {"business_name": "Luz SL", "notes": "x", "tax_id": "B12345674"},
            ["Business name: “Luz”"],
        ),
        (
            "First Name,Last Name,Company,E-mail Address,Business Phone,Business Street,Business name",
            "Eva,Paz,Luz,,982111222,,",
            {"business_name": "Luz"},
            [],
        ),
        ("Name,Street,City,Website", "Sol SL,a ::: b,c ::: d,e ::: f", {"street": "a ::: b", "city": "c ::: d"}, []),
    ],
)
def test_what_several_columns_say_of_a_field(
    planned: Planned, head: str, row: str, values: dict[str, str], left_out: list[str]
) -> None:
    job = planned(f"{head}\n{row}\n")
    (found,) = said(job)
    assert values.items() <= found.items()
    notices = [notice.message for _line, _name, notice in job.row_notices()]
    assert sorted(notices) == sorted(f"{each} is left out." for each in left_out)


@pytest.mark.parametrize(
    ("head", "row", "values"),
    [
        (
            "Co./Last Name,First Name,Card ID",
            "Ríos,Ana,*None",
            {"display_name": "Ana Ríos", "contact_last_name": "Ríos"},
        ),
        ("Co./Last Name,First Name,Card ID", "Luz Pty Ltd,,C1", {"display_name": "Luz Pty Ltd"}),
        ("First Name,Last Name,Associated Company", "Ana,Ríos,Luz SL", {"display_name": "Luz SL"}),
        ("Nombre,Apellidos,Empresa asociada principal", "Ana,Ríos,Luz SL", {"display_name": "Luz SL"}),
        ("Nombre a mostrar,Actividades,Compañía", "Luz SL,,Mi Gestoría", {"display_name": "Luz SL"}),
        ("Account Name,Account Site,Website", "Luz SL,Headquarters,", {"display_name": "Luz SL"}),
        ("Name,Phone,Fax/Phone", "Luz SL,,982111222", {"display_name": "Luz SL"}),
        ("Name,Record status", "Luz SL,Inactive", {"display_name": "Luz SL", "status": "Inactive"}),
        ("Nombre,Estatus", "Luz SL,Baja", {"display_name": "Luz SL", "status": "Inactive"}),
        ("Nombre,Dado de baja", "Luz SL,Sí", {"display_name": "Luz SL", "status": "Inactive"}),
        ("Nombre,Estado en la gestoría", "Luz SL,Dado de baja", {"display_name": "Luz SL", "status": "Inactive"}),
    ],
)
def test_headings_of_programs(planned: Planned, head: str, row: str, values: dict[str, str]) -> None:
    job = planned(f"{head}\n{row}\n")
    (found,) = said(job)
    for name in ("client_number", "contact_first_name", "contact_last_name"):
        found.pop(name, "") if name not in values else None
    assert found == values


def test_yes_and_no_are_no_state(planned: Planned) -> None:
    assert reasons(planned("Name,Estado\nSol SL,Sí\nMar SL,No\n")) == {2: "not_a_choice", 3: "not_a_choice"}


def test_a_tab_or_a_line_end_becomes_a_blank_and_is_told(planned: Planned) -> None:
    job = planned('Name,City,Client number,Notes\n"Sol\tSL","Lu\ngo\n",A\t1,"a\nb"\n')
    assert said(job) == [{"display_name": "Sol SL", "city": "Lu go", "client_number": "A 1", "notes": "a\nb"}]
    assert told(job) == [(2, "blank_for_line_end", name) for name in ("display_name", "city", "client_number")]


# --- the layout of the file

SPACED = [
    '"Name", "City"\n"Sol SL", "Lu, ""go"""\n',
    'Name;  "City"\n  "Sol SL";  "Lu, ""go"""\n',
    '"Name" ,"City" \n"Sol SL"  , "Lu, ""go""" \n',
    '"Name"\t,\t"City"\r\nSol SL,\t "Lu, ""go"""\t\r\n',
    '"Name" \t "City"\n"Sol SL"\t"Lu, ""go""" \n',
    'Name;\t"City"\nSol SL;\t"Lu, ""go""" ',
]


@pytest.mark.parametrize("text", SPACED)
def test_blanks_around_a_quoted_cell(planned: Planned, text: str) -> None:
    assert said(planned(text)) == [{"display_name": "Sol SL", "city": 'Lu, "go"'}]


def test_blanks_beside_a_quote_within_quotes_stay(planned: Planned) -> None:
    job = planned('Name,Notes\n"a, ""b""","x,  ""y"",\n  ""z"" , "" ,"\n')
    assert said(job) == [{"display_name": 'a, "b"', "notes": 'x,  "y",\n  "z" , " ,'}]


def test_a_quote_within_a_cell_without_quotes_stays(planned: Planned) -> None:
    job = planned('Name,Notes,City\n5" pipes ,"a, b" ,Lugo\n')
    assert [(row["display_name"], row["notes"]) for row in said(job)] == [('5" pipes', "a, b")]


TITLED = "Ríos y Asociados,,\nInforme de clientes,,\n\nNombre,Correo electrónico,Ciudad\nSol SL,a@sol.example,Lugo\n"


def test_titles_above_the_headings_and_a_foot_are_told(planned: Planned) -> None:
    job = planned(TITLED + 'Mar SL,,Lugo\nTotal 2 clientes,,\n"domingo, 29 de noviembre de 2026 03:59",,\n')
    assert [row.line for row in job.rows(0, 9)] == [5, 6]
    assert job.counts().rows == 2
    assert [notice.code for notice in job.notices] == ["headings_below", "foot_lines"]
    assert "7 “Total 2 clientes”, 8 “domingo" in job.notices[1].message


def test_a_foot_of_totals_and_a_date_with_commas(planned: Planned) -> None:
    job = planned('Name,Phone,E-mail,Sum\nSol SL,,,"1,00"\nTOTAL,,,"1,00"\nMonday, Nov 30, 2026 10:00:00 AM GMT-8\n')
    assert (job.counts().rows, job.counts().new) == (1, 1)
    assert [notice.code for notice in job.notices] == ["foot_lines"]


def test_a_line_that_may_be_a_client_is_refused_and_can_be_mended(planned: Planned, empty: Session) -> None:
    job = planned("Name,E-mail,City\nSol SL,,Lugo\nTotal,,\nFin,,\n")
    assert (job.counts().new, reasons(job)) == (1, {3: "looks_like_foot", 4: "looks_like_foot"})
    assert "“Total” looks like the foot" in next(job.refusals()).problem.message  # type: ignore[union-attr]
    job.apply(empty)
    assert job.retry(empty).refused == 2
    kept = KeptImport.open_kept(empty, job.run.id)
    assert kept.retry(empty).refused == 2
    kept.close()
    job.correct(2, ("Total", "", "Lugo"))
    job.retry(empty)
    assert {record["display_name"] for record in in_the_firm(empty)} == {"Sol SL", "Total"}


def test_what_follows_upon_a_foot_is_doubted(planned: Planned) -> None:
    job = planned("Name,E-mail,City\nSol SL,,Lugo\nMar SL,,\nPage 1 of 1,,\nGestoría SL,,\n")
    assert [row["display_name"] for row in said(job)] == ["Sol SL", "Mar SL"]
    assert [notice.code for notice in job.notices] == ["foot_lines"]
    assert reasons(job) == {5: "looks_like_foot"}


def test_the_foot_of_salesforce(planned: Planned) -> None:
    job = planned(
        "Account Name,Phone,Billing City\nSol SL,912345678,Lugo\nMar SL,,\n\n"
        '"Gestoría SL"\n"Copyright © 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  Ana Ríos  29/11/2026 04:00"\n"Gestoría SL"\n'
    )
    assert (job.counts().rows, job.counts().new) == (2, 2)
    assert "5 “Gestoría SL”" in job.notices[0].message


def test_totals_of_groups_and_feet_of_pages_are_no_clients(planned: Planned) -> None:
    job = planned(
        "Customer,Email,Invoice,Amount\nSol SL,,,\n,,F2,20\nTotal Sol SL,,,20\nPage 1 of 2,,,\nTotal Energies,,,\n"
        "Mar SL,m@mar.example,,\nTOTAL,,,20\n"
    )
    assert [row["display_name"] for row in said(job)] == ["Sol SL", "Total Energies", "Mar SL"]
    assert reasons(job) == {3: "no_name", 4: "looks_like_foot", 5: "looks_like_foot"}


HEADED = "Name,Email,Phone,City\nSol SL,a@sol.example,,Lugo\n"


@pytest.mark.parametrize(
    "title",
    [
        "Company:,Gestoría SL,,\nPhone:,912000000,,\n,,,\n",
        "Name:,Gestoría SL\nPhone:,912000000\n\n",
        "Name:,Gestoría SL,Phone:,912000000\n",
        "Name,Gestoría SL\n",
        ",Contact,,Address\n",
    ],
)
def test_headings_beneath_a_title_of_several_cells(planned: Planned, title: str) -> None:
    job = planned(title + HEADED)
    assert job.headings == ("Name", "Email", "Phone", "City")
    assert [notice.code for notice in job.notices] == ["headings_below"]
    assert said(job) == [{"display_name": "Sol SL", "email": "a@sol.example", "city": "Lugo"}]


def test_the_row_of_the_headings_can_be_chosen(planned: Planned) -> None:
    text = "Name,E-mail\nKunde,Post\nSol SL,a@sol.example\n"
    job = planned(text, Choices(heading_row=2), columns=("display_name", "email"))
    assert (job.headings, job.notices) == (("Kunde", "Post"), ())
    assert [(row.line, row.cells[0]) for row in job.rows(0, 9)] == [(3, "Sol SL")]
    with pytest.raises(Refused) as caught:
        planned(text, Choices(heading_row=9))
    assert caught.value.code == "no_heading_row"


def test_a_first_row_with_known_headings_stays(planned: Planned) -> None:
    job = planned("Client,Foo\nName,E-mail\n")
    assert job.headings == ("Client", "Foo")


def test_rows_that_only_continue_the_one_above_are_told(planned: Planned) -> None:
    job = planned(
        "Display name,Tax id,City,Contact first name,Contact last name,E-mail,Item,Sum\n"
        "Sol SL,B12345674,Lugo,Ana,Ríos,a@sol.example,Pens,1\n"
        ",,,Luis,Gil,l@sol.example,,\n"
        ",,,,,,Paper,2\n"
        ",,Vigo,Eva,Paz,e@paz.example,,\n"
        ",A58818501,,,,,Ink,3\n"
        "Mar SL,,,,,,,\n"
    )
    assert [row["display_name"] for row in said(job)] == ["Sol SL", "Eva Paz", "Mar SL"]
    assert reasons(job) == {3: "continues_row", 4: "continues_row", 6: "no_name"}


def test_a_row_that_lacks_the_number_of_the_one_above_continues_it(planned: Planned, empty: Session) -> None:
    job = planned(
        "Client name,Client number,Contact first name,Contact last name,E-mail,Phone,City\n"
        "Sol SL,S1,Ana,Ríos,a@sol.example,912345678,Lugo\n"
        ",,Luis,Gil,l@sol.example,913345678,\n"
        ",S2,Eva,Paz,,,\n"
    )
    assert [row["display_name"] for row in said(job)] == ["Sol SL", "Eva Paz"]
    assert reasons(job) == {3: "continues_row"}
    job.apply(empty)
    assert job.retry(empty).refused == 1  # trying it again makes no client of it
    assert reasons(job) == {3: "continues_row"}
    job.correct(2, ("Luis Gil SL", "", "Luis", "Gil", "l@sol.example", "", ""))
    assert job.retry(empty).in_firm == 1


def test_a_row_that_says_the_client_above_again_leaves_it_in(planned: Planned) -> None:
    job = planned(
        "Display name,Client number,E-mail,Invoice\nSol SL,S1,a@sol.example,F1\n,S1,,F2\nSol SL,S1,,F3\nMar SL,S1,,F4\n"
    )
    assert reasons(job) == {
        2: "duplicate_number_in_file",
        3: "continues_row",
        4: "repeated_row",
        5: "duplicate_number_in_file",
    }
    job = planned("Display name,Client number,E-mail,Invoice\nSol SL,S1,a@sol.example,F1\nSol SL,S1,,F3\n")
    assert (len(said(job)), reasons(job)) == (1, {3: "repeated_row"})


def test_rows_of_one_client_are_refused_for_the_field_that_tells_it(planned: Planned) -> None:
    job = planned("Display name,City\nSol SL,Lugo\nMar SL,Vigo\nSol SL,Lugo\nMar SL,Lugo\n", key="display_name")
    refused = [(row.line, row.problem.code, row.problem.field) for row in job.refusals() if row.problem is not None]
    assert refused == [
        (3, "conflicting_rows", "display_name"),
        (4, "repeated_row", "display_name"),
        (5, "conflicting_rows", "display_name"),
    ]


def test_people_without_a_company_are_clients(planned: Planned) -> None:
    job = planned(
        "Record ID,First Name,Last Name,Company Name,Email,Phone Number,City,Country\n"
        "1,Ana,Ríos,Sol SL,a@sol.example,912345678,Lugo,Spain\n"
        ",Luis,Gil,,,,,\n"
    )
    assert [row["display_name"] for row in said(job)] == ["Sol SL", "Luis Gil"]


# --- dates


@pytest.mark.parametrize(
    ("cell", "dates", "kept"),
    [
        ("31/12", "", "12-31"),
        ("12/31", "", "12-31"),
        ("31 December", "", "12-31"),
        ("31 de diciembre", "", "12-31"),
        ("2024-12-31", "", "12-31"),
        ("30.6.2024", "", "06-30"),
        ("jun 30", "", "06-30"),
        ("05-06", "", "05-06"),
        ("dic-31", "", "12-31"),
        ("Sep-30", "", "09-30"),
        ('"Tuesday, December 31, 2024"', "", "12-31"),
        ('"martes, 31 de diciembre de 2024"', "", "12-31"),
        ("31–12", "", "12-31"),
        ("end of June", "", "06-30"),
        ("31 de diciembre del año", "", "12-31"),
        ("dic-24", "", "fiscal_year_end"),
        ("when it has come to an end", "", "fiscal_year_end"),
        ("4/4", "", "04-04"),
        ("5/6/2024", "dmy", "06-05"),
        ("5/6/2024", "mdy", "05-06"),
        ("5/6", "", "ambiguous_date"),
        ("05.06.24", "", "ambiguous_date"),
        ("31/31", "", "fiscal_year_end"),
        ("soon", "dmy", "fiscal_year_end"),
    ],
)
def test_the_end_of_a_fiscal_year(planned: Planned, cell: str, dates: str, kept: str) -> None:
    job = planned(f"Name,Year end\nSol SL,{cell}\n", dates=dates)
    assert kept in (said(job)[0].get("fiscal_year_end") if said(job) else "", *reasons(job).values())
    assert bool(job.ambiguous_date(job.setup.columns if job.setup else ())) == (
        kept == "ambiguous_date" or (bool(dates) and cell != "soon")
    )


@pytest.mark.parametrize("cell", ["n/a", "-", "no consta"])
def test_a_fiscal_year_end_that_is_none(planned: Planned, cell: str) -> None:
    job = planned(f"Name,Fecha cierre\nSol SL,{cell}\n")
    assert said(job) == [{"display_name": "Sol SL"}]
    assert told(job) == [(2, "left_out", "fiscal_year_end")]


# --- likely duplicates within the file

TWICE = "Name,E-mail,Phone\nSol SL,a@sol.example,\nMar SL,,\nSol S.L.,b@sol.example,982111222\n"


def test_a_row_can_be_merged_into_an_earlier_one(planned: Planned, empty: Session) -> None:
    job = planned(TWICE, duplicates={3: of_duplicate("row:1")})
    assert (job.counts().new, job.counts().skipped) == (2, 1)
    job.apply(empty)
    by_name = {record["display_name"]: record for record in in_the_firm(empty)}
    assert set(by_name) == {"Sol S.L.", "Mar SL"}
    assert (by_name["Sol S.L."]["email"], by_name["Sol S.L."]["phone"]) == ("b@sol.example", "982111222")


def test_a_merged_row_brings_its_number_where_the_other_has_none(planned: Planned, empty: Session) -> None:
    job = planned(
        "Name,Client number\nSol SL,\nSol SL,N-1\nSol SL,N-2\n",
        duplicates={2: of_duplicate("row:1"), 3: of_duplicate("row:2")},
    )
    job.apply(empty)
    (record,) = in_the_firm(empty)
    assert record["client_number"] == "N-1"
    again = planned("Name,Client number\nOther SL,N-1\n")
    assert reasons(again) == {2: "number_taken"}


def test_the_firms_clients_and_the_files_rows_are_both_looked_at(planned: Planned, empty: Session) -> None:
    clients.add(empty, {"display_name": "Sol SL"})
    job = planned(TWICE)
    assert [(line, code) for line, code, _field in told(job)] == [(2, "likely_duplicate"), (4, "likely_duplicate")]
    assert (job.counts().new, job.counts().skipped) == (1, 2)


def test_the_value_that_is_the_same_is_named(planned: Planned) -> None:
    job = planned(
        "Name,E-mail,NIF\nSol SL,,B12345674\nMar SL,m@mar.example,\nRio SL,M@mar.example,\nPez SL,,es-b12345674\n"
    )
    assert [notice.message for _line, _name, notice in job.row_notices()] == [
        "This may be “Mar SL” (line 3), by its E-mail “M@mar.example”.",
        "This may be “Sol SL” (line 2), by its Tax id “es-b12345674”.",
    ]


def test_rows_with_company_ids_of_their_own_are_added_and_told(planned: Planned) -> None:
    job = planned("Company ID,Display name\n91,Sol SL\n92,Sol SL\n")
    assert job.counts().new == 2
    assert [(line, code) for line, code, _field in told(job)] == [(3, "likely_duplicate")]


def test_two_people_of_one_company_are_no_duplicates(planned: Planned) -> None:
    head = "First Name,Last Name,Organization Name,E-mail 1 - Value\n"
    job = planned(
        head + "Ana,Ríos,Sol SL,a@sol.example\nLuis,Gil,Sol SL,l@sol.example\nAna,Ríos,Sol SL,x@sol.example\n"
    )
    assert (job.counts().new, job.counts().skipped) == (2, 1)
    assert told(job)[0] == (3, "same_name", "display_name")


def test_a_row_that_is_refused_is_nobodys_duplicate(planned: Planned) -> None:
    job = planned("Name,Year end\nSol SL,soon\nSol SL,12-31\n")
    assert told(job) == []
    assert (job.counts().new, job.counts().refused) == (1, 1)
