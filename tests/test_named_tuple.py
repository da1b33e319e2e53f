"""A named tuple of ours is what one of `typing` is."""

import copy
import pickle
import typing

import pytest

from clientdesk import named_tuple


class Place(named_tuple.NamedTuple):
    """A place."""

    city: str
    street: str = "Main"
    number: int = 1

    @property
    def in_words(self) -> str:
        return f"{self.street} {self.number}, {self.city}"


class Known(typing.NamedTuple):
    """The same of `typing`."""

    city: str
    street: str = "Main"
    number: int = 1


class Corner(Place):
    """One that inherits has the same fields."""


def test_it_is_a_tuple_with_names() -> None:
    place, known = Place("Vigo", number=7), Known("Vigo", number=7)
    city, street, number = place
    assert tuple(place) == known == (city, street, number)
    assert place == ("Vigo", "Main", 7)
    assert (place.city, place.street, place.number, place.in_words) == ("Vigo", "Main", 7, "Main 7, Vigo")
    assert (hash(place), Place._fields, Place._field_defaults) == (hash(known), Known._fields, Known._field_defaults)
    assert repr(place) == repr(known).replace("Known", "Place")
    assert tuple(known._replace(city="Lugo")) == place._replace(city="Lugo") == Place._make(("Lugo", "Main", 7))
    assert place._asdict() == known._asdict()
    assert type(copy.copy(place)) is type(pickle.loads(pickle.dumps(place))) is Place
    assert pickle.loads(pickle.dumps(place)) == place
    match place:
        case Place(place_city, _, place_number):
            assert (place_city, place_number) == ("Vigo", 7)
    assert Corner("Vigo").in_words == "Main 1, Vigo"
    with pytest.raises(AttributeError):
        place.city = "Lugo"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        place.country = "Spain"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("Vigo", "Main", 1, 2), {}), (("Vigo",), {"city": "Lugo"}), (("Vigo",), {"land": ""})],
)
def test_what_does_not_fit_is_a_type_error(values: tuple[typing.Any, ...], named: dict[str, typing.Any]) -> None:
    for kind in (Place, Known):
        with pytest.raises(TypeError):
            kind(*values, **named)
