"""Columns of a client list: guessed for the programs that we know, by heading, by content; saved and read again."""

import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.saved_mappings import mapping_in, setup_from_saved, setup_to_saved
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.guessing import columns_by, field_of, guess
from clientdesk.domain.columns.presets import OWN, PRESETS
from clientdesk.domain.columns.row_reader import RowReader
from clientdesk.domain.columns.row_values import values_of
from clientdesk.domain.import_decisions import ADD, CREATE, EMPTY
from clientdesk.domain.problems import Refused

DATA = Path(__file__).parent.parent / "data"


def guessed(headings: Sequence[str], *rows: Sequence[str]) -> dict[str, str]:
    """The field by heading, of those that are read."""
    columns = guess(headings, rows).columns
    return {heading: name for heading, name in zip(headings, columns, strict=True) if name}


def split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


@pytest.mark.parametrize("language", [0, 1])
def test_our_own_export_is_known_in_both_languages(language: int) -> None:
    guessed_mapping = guess([field.headings[language] for field in BUILT_IN.fields], [])
    assert guessed_mapping.columns == BUILT_IN.names
    assert (guessed_mapping.preset, guessed_mapping.key) == ("clientdesk", "company_id")
    assert guess(BUILT_IN.names, []).columns == BUILT_IN.names


@pytest.mark.parametrize(
    ("headings", "language"),
    [
        (" company  ID ,DISPLAY NAME,Client Number", 0),
        ("Numero de cliente,id. de la Empresa,NOMBRE PARA MOSTRAR", 1),
    ],
)
def test_a_quickbooks_client_list(headings: str, language: int) -> None:
    guessed_mapping = guess(split(headings), [])
    assert sorted(guessed_mapping.columns) == ["client_number", "company_id", "display_name"]
    assert (guessed_mapping.preset, guessed_mapping.key) == ("quickbooks", "company_id")


def test_other_columns_of_a_quickbooks_list_go_by_their_headings() -> None:
    guessed_mapping = guess(split("Company ID,Display name,Client number,Town,Colour"), [])
    assert guessed_mapping.columns == ("company_id", "display_name", "client_number", "city", "")
    assert guessed_mapping.preset == "quickbooks"


@pytest.mark.parametrize("name", ["client_list_en.csv", "client_list_es_excel.csv"])
def test_real_quickbooks_lists(name: str) -> None:
    encoding, delimiter = ("utf-8-sig", ",") if "_en" in name else ("cp1252", ";")
    with open(DATA / name, encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    assert guess(rows[0], rows[1:100]).columns == ("company_id", "display_name", "client_number")


XERO = (
    "*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POAttentionTo,POAddressLine1,POAddressLine2,"
    "POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,SAAttentionTo,SAAddressLine1,SACity,"
    "SAPostalCode,SACountry,PhoneNumber,FaxNumber,MobileNumber,DDINumber,SkypeName,BankAccountName,"
    "BankAccountNumber,TaxNumberName,TaxNumber,Website,LegalName,Discount,CompanyNumber"
)


@pytest.mark.parametrize("headings", [XERO, XERO.lstrip("*").replace("TaxNumberName,", "")])
def test_xero_contacts(headings: str) -> None:
    columns = guessed(split(headings))
    assert guess(split(headings), []).preset == "xero"
    assert columns[split(headings)[0]] == "display_name"
    assert columns["AccountNumber"] == "client_number"
    assert columns["TaxNumber"] == "tax_id"
    assert columns["POAddressLine3"] == "street"
    assert columns["POPostalCode"] == "postal_code"
    assert columns["LegalName"] == "business_name"
    assert not {"SACity", "BankAccountNumber", "CompanyNumber", "FaxNumber", "BankAccountName"} & columns.keys()


GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Website 1 - Label,Website 1 - Value"
)


def test_google_contacts() -> None:
    guessed_mapping = guess(split(GOOGLE), [])
    assert guessed_mapping.preset == "google"
    cells = [""] * len(guessed_mapping.columns)
    for heading, cell in (
        ("First Name", "Ana"),
        ("Middle Name", "María"),
        ("Organization Name", "Ríos SL"),
        ("E-mail 1 - Value", "ana@rios.es ::: otra@rios.es"),
        ("E-mail 2 - Value", "tercera@rios.es"),
        ("Address 1 - Street", "Calle Mayor 1\n2º B"),
        ("Address 1 - PO Box", "Apdo. 7"),
        ("Notes", "uno ::: dos"),
    ):
        cells[split(GOOGLE).index(heading)] = cell
    values = values_of(cells, guessed_mapping.columns)
    assert values["contact_first_name"] == "Ana María"
    assert values["business_name"] == "Ríos SL"
    assert values["email"] == "ana@rios.es ::: otra@rios.es"  # what is left out of it is told later
    assert values["street"] == "Calle Mayor 1, 2º B, Apdo. 7"
    assert values["notes"] == "uno ::: dos"


def test_the_older_export_of_google() -> None:
    headings = split(
        "Name,Given Name,Additional Name,Family Name,Notes,Language,Photo,Group Membership,E-mail 1 - Type,"
        "E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Street,Organization 1 - Name,Website 1 - Value"
    )
    columns = guessed(headings)
    assert guess(headings, []).preset == "google_older"
    assert columns["Name"] == "display_name"
    assert columns["Family Name"] == "contact_last_name"
    assert columns["Organization 1 - Name"] == "business_name"
    assert "E-mail 1 - Type" not in columns


@pytest.mark.parametrize("country", ["Business Country", "Business Country/Region"])
def test_outlook(country: str) -> None:
    headings = split(
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
        f"Business State,Business Postal Code,{country},Home Street,Business Fax,Business Phone,Mobile Phone,"
        "Account,Categories,E-mail Address,E-mail Type,E-mail Display Name,Notes,Web Page"
    )
    columns = guessed(headings)
    assert guess(headings, []).preset == "outlook"
    assert columns[country] == "country"
    assert columns["Company"] == "business_name"
    assert columns["Mobile Phone"] == "mobile"
    assert not {"E-mail Type", "Account", "Home Street", "Title", "Business Fax"} & columns.keys()


def test_freshbooks() -> None:
    headings = split(
        "Organization,FirstName,LastName,Email,Street,Street2,City,Province,Country,PostalCode,BusPhone,HomePhone,"
        "MobPhone,Fax"
    )
    guessed_mapping = guess(headings, [])
    assert guessed_mapping.preset == "freshbooks"
    assert guessed_mapping.columns[0] == "business_name"
    assert guessed_mapping.columns[-1] == OWN.get("fax", ""), "no field so far"
    cells = ["Peña", "", "", "", "Mayor 1", "2 B", "", "", "", "", "", "911", "", ""]
    assert values_of(cells, guessed_mapping.columns)["street"] == "Mayor 1, 2 B"
    assert values_of(cells, guessed_mapping.columns)["phone"] == "911"


def test_headings_as_accountants_write_them() -> None:
    assert guessed(split("Client,VAT number,EMAIL,Tel.,Zip,Town,State,Web page,Year end,Remarks,Favourite colour")) == {
        "Client": "display_name",
        "VAT number": "tax_id",
        "EMAIL": "email",
        "Tel.": "phone",
        "Zip": "postal_code",
        "Town": "city",
        "State": "region",
        "Web page": "website",
        "Year end": "fiscal_year_end",
        "Remarks": "notes",
    }
    assert guessed(split("Nº cliente,CLIENTE,razon social,C.I.F.,Correo,Teléfono móvil,C.P.,Población,Provincia")) == {
        "Nº cliente": "client_number",
        "CLIENTE": "display_name",
        "razon social": "business_name",
        "C.I.F.": "tax_id",
        "Correo": "email",
        "Teléfono móvil": "mobile",
        "C.P.": "postal_code",
        "Población": "city",
        "Provincia": "region",
    }


def test_names_and_companies() -> None:
    assert guess(split("Nombre,Apellidos,Empresa"), []).columns == (
        "contact_first_name",
        "contact_last_name",
        "display_name",
    )
    assert guess(split("Company,Name"), []).columns == ("business_name", "display_name")
    assert guess(["Company"], []).columns == ("display_name",)
    assert guess(split("Name,Display name,Colour"), []).columns == ("", "display_name", "")


def test_an_identifier_is_never_guessed_twice() -> None:
    columns = guess(split("Cliente,NIF,CIF,Código,Referencia,Tel.,Phone"), []).columns
    assert (columns.count("tax_id"), columns.count("client_number"), columns.count("phone")) == (1, 1, 2)


def test_the_status_is_guessed_only_where_its_words_stand_in_the_column() -> None:
    assert guessed(["Cliente", "Estado"], ["A", "Jalisco"])["Estado"] == "region"
    assert guessed(["Cliente", "Estado"], ["A", "Inactivo"], ["B", ""])["Estado"] == "status"
    assert guessed(["Client", "Status"], ["A", "Prospect"])["Status"] == "status"  # exactly ours: never dropped
    assert "Client status" not in guessed(["Client", "Client status"], ["A", "Prospect"], ["B", "Lost"])
    assert guessed(["Client", "Client status"], ["A", "Prospect"], ["B", "closed"])["Client status"] == "status"
    own = [*(field.headings[1] for field in BUILT_IN.fields), "Mi columna"]
    for cell, name in (("Activo", "status"), ("INACTIVO", "status"), ("", "status"), ("Jalisco", "region")):
        row = [cell if heading == "Estado" else "x" for heading in own]
        assert guessed(own, row)["Estado"] == name


def test_columns_that_only_their_cells_tell() -> None:
    guessed_mapping = guess(
        ["Cliente", "x1", "x2", "x3", "x4", "x5"],
        [
            ["A", "a@b.es", "https://a.es", "+34 912 345 678", "12345678Z", "+34 912 345 678"],
            ["B", "", "www.b.es", "+44 20 7946 0000", "A13585625", ""],
            ["C", "c@d.es", "", "", "", "n/a"],
        ],
    )
    assert guessed_mapping.columns == ("display_name", "email", "website", "phone", "tax_id", "")
    assert guess(["Cliente", "x"], [["A", "a@b.es"], ["B", "none"]]).columns == ("display_name", "")


def test_a_row_with_fewer_cells_has_empty_ones() -> None:
    assert values_of(["A"], ("display_name", "email", "")) == {"display_name": "A", "email": ""}


@given(st.lists(st.text()), st.lists(st.lists(st.text())))
def test_whatever_the_headings_are_something_is_guessed(headings: list[str], rows: list[list[str]]) -> None:
    guessed_mapping = guess(headings, rows)
    assert len(guessed_mapping.columns) == len(headings)
    assert all(name in ("", *BUILT_IN.names) for name in guessed_mapping.columns)
    identifiers = [name for name in guessed_mapping.columns if name and BUILT_IN.by_name[name].identifier]
    assert len(identifiers) == len(set(identifiers))


def test_the_presets_have_names_of_their_own_and_known_fields() -> None:
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert all(preset.title for preset in PRESETS)
    assert all(name in BUILT_IN.by_name for preset in PRESETS for name in preset.columns.values())
    (myob,) = (preset for preset in PRESETS if preset.name == "myob")
    assert columns_by(myob, ["Card ID", "x"]) == ("client_number", "")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Código postal / C.P.", "postal_code"),
        ("Zip/Postal", "postal_code"),
        ("Tel./Phone", "phone"),
        ("Teléfono/Fax", "phone"),
        ("Tax id/NIF", "tax_id"),
        ("Town/Place", "city"),
        ("Foo/Estado/Provincia", "region"),
        ("ship-to_zip_code/postal_code", ""),
        ("Home phone/Phone", ""),
        ("Foo/Bar", ""),
    ],
)
def test_a_heading_with_a_slash_is_known_by_either_word(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_a_date_cell_of_a_workbook_is_no_question() -> None:
    reader = RowReader(("Name", "Year end"), ("display_name", "fiscal_year_end"))
    assert reader.read(("Sol SL", "5/6/24"), ((1, "2024-06-05"),))["fiscal_year_end"] == "2024-06-05"
    assert reader.read(("Sol SL", "5/6/24"))["fiscal_year_end"] == "5/6/24"


# --- saved mappings

SETUP = ClientSetup(
    ("company_id", "display_name", "", "phone", "mobile"),
    "company_id",
    frozenset(["phone"]),
    {"Club": CREATE},
    {"Bob": EMPTY},
    duplicate_default=ADD,
)
HEADINGS = ["Id", "Client", "Colour", "Phone", "Phone"]


def test_a_saved_mapping_fits_columns_in_another_order() -> None:
    saved = json.loads(json.dumps(setup_to_saved(SETUP._replace(duplicates={3: ADD}), HEADINGS)))
    assert setup_from_saved(saved, HEADINGS) == SETUP
    setup = setup_from_saved(saved, [" PHONE", "new", "client", "Phone", "id"])
    assert setup.columns == ("phone", "", "display_name", "mobile", "company_id")
    assert setup_from_saved(mapping_in(json.dumps(saved)), HEADINGS) == SETUP


def test_a_mapping_without_a_key_finds_clients_by_the_company_id_if_it_has_one() -> None:
    assert setup_from_saved({"columns": {"Id": "company_id"}}, HEADINGS).key == "company_id"
    assert setup_from_saved({"columns": {"Id": "company_id"}, "key": ""}, HEADINGS).key == ""
    assert setup_from_saved({"columns": {"Id": "company_id", "Client": "display_name"}}, ["Client"]).key == ""


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "x",
        {},
        {"columns": 3},
        {"columns": {"Id": "nonsense"}},
        {"columns": {"Id": 3}},
        {"columns": {"Id": ["phone", {}]}},
        {"columns": {"Other": "phone"}},
        {"columns": {"Id": "phone"}, "key": "company_id"},
        {"columns": {"Id": "phone"}, "key": "phone"},
        {"columns": {"Id": "phone"}, "key": []},
        {"columns": {"Id": "phone"}, "clears": "phone"},
        {"columns": {"Id": "phone"}, "clears": [[]]},
        {"columns": {"Id": "phone"}, "types": []},
        {"columns": {"Id": "phone"}, "leads": {"a": 1}},
        {"columns": {"Id": "phone"}, "duplicates": "merge:x"},
        {"columns": {"Id": "phone"}, "clear": ["phone"]},
        {"columns": {"Id": "phone"}, "": ""},
    ],
)
def test_what_is_no_mapping_is_refused_in_a_sentence(content: object) -> None:
    with pytest.raises(Refused) as caught:
        setup_from_saved(content, HEADINGS)
    assert caught.value.code == "bad_mapping"
    assert len(caught.value.message) < 250


@pytest.mark.long("chance")
@given(
    st.one_of(
        st.binary(),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["columns", "key", "phone"]),
            lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("columns") | st.just("Id"), inner),
        ).map(lambda content: json.dumps(content).encode()),
    )
)
def test_any_file_is_a_mapping_or_refused(text: bytes) -> None:
    try:
        answer: object = mapping_in(text)
    except Refused as refusal:
        answer = refusal.code
    assert answer == "bad_mapping" or isinstance(answer, dict)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(Refused):
        mapping_in("[" * 100_000)


@pytest.mark.thorough("many")
@pytest.mark.parametrize("heading", ["Name", "Company", "E-mail", "Notes", "x{}", "NIF", "Estado"])
def test_guessing_takes_as_long_as_a_list_is_wide(heading: str) -> None:
    """Four times the columns take about four times as long; the square would take sixteen times."""

    def took(columns: int) -> float:
        headings = ["Display name", *(heading.format(number) for number in range(columns - 1))]
        began = time.process_time()
        guess(headings, [["x"] * columns])
        return time.process_time() - began

    took(10)
    narrow = min(took(4_000) for _time in range(3))
    assert min(took(16_000) for _time in range(3)) < 10 * narrow
