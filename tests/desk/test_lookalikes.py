"""Likely duplicates: what is nearly the same name, and what is not; e-mail and tax id; the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import clients
from clientdesk.desk.imports.lookalikes import Likeness, Lookalikes, name_key, nearly_the_same, tax_key
from clientdesk.desk.session import Session, reads
from clientdesk.domain.fold import fold
from tests.many import add_many

SAME = [
    ("Construcciones Peña SL", "CONSTRUCCIONES PENA, S.L."),
    ("Construcciones Peña SL", "Construciones Peña S. L."),
    ("Peña Construcciones", "Construcciones Peña SLU"),
    ("Smith & Sons Ltd", "Smith and Sons Limited"),
    ("Smith & Sons", "Smith + Sons, Inc."),
    ("Müller GmbH & Co. KG", "Muller"),
    ("Peña y Ríos SA", "Peña, Ríos"),
    ("J. P. Morgan", "JP Morgan LLC"),
    ("株式会社山田商店", "山田商店"),
    ("山田商店(株)", "山田商店"),
    ("Sol SL", "Sol Sociedad Limitada"),
    ("Pino SA", "Pino, Sociedad Anónima Unipersonal"),
    ("O'Connor Plumbing", "OConnor Plumbing Inc"),
    ("Piekarnia Wójcik Sp. z o.o.", "Piekarnia Wójcik"),
    ("Johnson Roofing", "Johnsson Roofing"),
    ("Fitzgerald Auto Repair", "Fitzgerold Auto Repair"),
    ("Αρτοποιείο Μαρία Α.Ε.", "Αρτοποιείο Μαρία"),
    ("Iñigo Ibáñez", "Ibáñez, Íñigo"),
    ("Boulangerie Lefèvre SARL", "Boulangerie Lefevre"),
]
OTHER = [
    ("Peña", "Pino"),
    ("Clínica Peña", "Clínica Pino"),
    ("Clínica Peña", "Clínica Piña"),
    ("María López", "Mario López"),
    ("Francisco Ruiz", "Francisca Ruiz"),
    ("Smith", "Smith & Sons"),
    ("Transportes Peña SL", "Transportes Peña y Asociados"),
    ("Store 11", "Store 12"),
    ("Store 11", "Store 1"),
    ("Bakery Brooks", "Bakery Carter"),
    ("A & B", "AB"),
    ("Ana García", "Eva García"),
    ("Lina", "Luna"),
    ("山田商店", "鈴木商店"),
    ("SL", "SA"),
    ("Sociedad Limitada", "Sociedad Anónima"),
    ("Пекарня", "Пекарские"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_nearly_the_same(one: str, other: str) -> None:
    assert nearly_the_same(one, other)
    assert nearly_the_same(other, one)
    assert name_key(fold(one)) == name_key(fold(other))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_not_the_same(one: str, other: str) -> None:
    assert not nearly_the_same(one, other)
    assert not nearly_the_same(other, one)


@given(st.text(), st.text())
def test_it_is_the_same_both_ways(one: str, other: str) -> None:
    assert nearly_the_same(one, other) == nearly_the_same(other, one)
    assert nearly_the_same(one, one)
    if nearly_the_same(one, other):
        assert name_key(fold(one)) == name_key(fold(other))


def test_what_can_be_no_tax_id_makes_nobody_alike() -> None:
    assert tax_key(" b-1234.5674 ") == "B12345674"
    assert [tax_key(each) for each in ("", "n/a", "000000000", "123456789", "B1", "-")] == [""] * 6


@reads
def like(session: Session, /, index: Lookalikes, **values: str) -> list[Likeness]:
    return index.like(session, [(7, values)]).get(7, [])


def test_the_firm_is_looked_through(session: Session) -> None:
    assert len(Lookalikes.of(session)) == 0
    assert like(session, Lookalikes.of(session), display_name="x") == []
    pena = clients.add(session, {"display_name": "Construcciones Peña SL", "client_number": "C-1"})
    rios = clients.add(session, {"display_name": "Ríos", "email": "Hola@Rios.es", "tax_id": "B-12345674"})
    clients.add(session, {"display_name": "Otra", "tax_id": "n/a"})
    index = Lookalikes.of(session)
    by_name = Likeness("display_name", pena.values["company_id"], "Construcciones Peña SL", "C-1")
    assert like(session, index, display_name="Pena Construcciones, S.A.", email="x@y.es") == [by_name]
    assert [lookalike.field for lookalike in like(session, index, display_name="R", email="hola@rios.ES")] == ["email"]
    both = like(session, index, display_name="construciones peña", email="hola@rios.es", tax_id="b12345674")
    assert [(each.field, each.company_id) for each in both] == [
        ("tax_id", rios.values["company_id"]),
        ("display_name", pena.values["company_id"]),
    ]
    assert like(session, index, display_name="Pino", tax_id="N/A") == []


def test_who_was_changed_meanwhile_is_looked_at_as_they_are_now(session: Session) -> None:
    client = clients.add(session, {"display_name": "Ríos", "email": "hola@rios.es"})
    index = Lookalikes.of(session)
    clients.edit(session, client, {"email": "otra@rios.es"})
    assert like(session, index, display_name="x", email="hola@rios.es") == []


@pytest.mark.thorough("many")
def test_the_index_is_small(session: Session) -> None:
    add_many(
        session,
        [{"display_name": f"Client {n}", "email": f"c{n}@x.es", "tax_id": f"{n:05}-A"} for n in range(2_000)],
    )
    index = Lookalikes.of(session)
    assert len(index) == 6_000
    assert (
        index.size <= 14 * len(index) + 4
    )  # from 131,072 keys on six each and one megabyte: 20 MB for a million clients
    assert [lookalike.name for lookalike in like(session, index, display_name="client 1999")] == ["Client 1999"]
