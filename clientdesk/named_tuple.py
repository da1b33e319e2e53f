"""Named tuples that cost little to declare, for the modules that every start imports."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 14):  # there the fields of a class are known only when it is made
    from typing import NamedTuple as NamedTuple
else:
    from operator import itemgetter
    from types import MappingProxyType

    _NOTHING = MappingProxyType({})

    class _Declared(type):
        """Makes the class: its fields are the annotated names, in their order."""

        def __new__(meta, name, bases, body):
            if bases[0] is not tuple and bases[0].__base__ is tuple:  # a class of its own, not one that inherits
                fields = tuple(body.get("__annotations__", ()))
                body["_field_defaults"] = {field: body[field] for field in fields if field in body}
                body["_fields"] = body["__match_args__"] = fields
                body["__slots__"] = ()
                body.update((field, property(itemgetter(place))) for place, field in enumerate(fields))
            return super().__new__(meta, name, bases, body)

    class NamedTuple(tuple, metaclass=_Declared):
        """What `typing.NamedTuple` is. That one has Python compile a constructor for each class, which is a twentieth of
        a start; here one constructor is for all, in half a microsecond."""

        __slots__ = ()
        _fields = ()
        _field_defaults = _NOTHING

        def __new__(cls, /, *values, **named):
            if named or len(values) != len(cls._fields):
                values = cls._completed(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _completed(cls, values, named):
            """The values of all fields in their order. Raises TypeError."""
            fields, defaults = cls._fields, cls._field_defaults
            if len(values) > len(fields):
                raise TypeError(f"{cls.__name__} takes {len(fields)} values, not {len(values)}")
            rest = fields[len(values) :]
            if wrong := named.keys() - set(rest):
                raise TypeError(f"{cls.__name__} cannot take {', '.join(sorted(wrong))}")
            if missing := [field for field in rest if field not in named and field not in defaults]:
                raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")
            return (*values, *(named[field] if field in named else defaults[field] for field in rest))

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **named):
            return type(self)(**{**self._asdict(), **named})

        def __repr__(self):
            values = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)
