"""Columns that say by yes or no whether a client is active: what their headings are, and what yes means there."""

from collections.abc import Mapping
from types import MappingProxyType

from clientdesk.domain.columns.presets import heading_key
from clientdesk.domain.fold import fold

_ON_HEADINGS = (
    "Active|Is active|Active status|Active?|Client active|Customer active|Enabled|Is enabled|Active client"
    "|Activo|Activa|Es activo|Está activo|Estado activo|Cliente activo|Habilitado|Habilitada|Vigente|En activo"
)
_OFF_HEADINGS = (
    "Inactive|Is inactive|Disabled|Is disabled|Archived|Is archived|Closed|Is closed|Deactivated|Not active"
    "|Inactive client|Card status|Hidden"
    "|Inactivo|Inactiva|Es inactivo|Está inactivo|Cliente inactivo|Archivado|Archivada|Deshabilitado|Deshabilitada"
    "|Desactivado|Desactivada|Cerrado|Cerrada|De baja|Baja|Dado de baja|Dada de baja|Cliente de baja|No activo"
)
_YES_WORDS = "yes y true t 1 on x ✓ ✔ ☑ checked sí s verdadero v marcado"
_NO_WORDS = "no n false f 0 off ☐ ✗ ✘ unchecked falso desmarcado"

SWITCHES_ON = frozenset(map(heading_key, _ON_HEADINGS.split("|")))
"""Headings under which yes means active."""
SWITCHES_OFF = frozenset(map(heading_key, _OFF_HEADINGS.split("|")))
"""Headings under which yes means inactive."""

_YES, _NO = (frozenset(map(fold, words.split())) for words in (_YES_WORDS, _NO_WORDS))


def switch(heading: str) -> Mapping[str, str]:
    """What yes and no mean under a heading: the stored word of a status by the folded cell. Empty under a heading
    that says nothing of it."""
    key = heading_key(heading)
    if key in SWITCHES_ON:
        return _ON
    return _OFF if key in SWITCHES_OFF else _NONE


def says_yes_or_no(cell: str) -> bool:
    """Whether a cell says yes or no, in words or signs."""
    return fold(cell) in _ON


def _meaning(yes: str, no: str) -> Mapping[str, str]:
    return MappingProxyType(dict.fromkeys(_YES, yes) | dict.fromkeys(_NO, no))


_ON, _OFF = _meaning("active", "inactive"), _meaning("inactive", "active")
_NONE: Mapping[str, str] = MappingProxyType({})
