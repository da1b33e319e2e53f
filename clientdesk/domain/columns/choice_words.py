"""The words of choices in lists from elsewhere, in English, Spanish and the person's language."""

from functools import lru_cache

from clientdesk.domain import rules
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Field
from clientdesk.domain.fold import fold

NONE = "none"
"""The value of a choice for which a row says "None" or "Nobody" in words: it empties the field, a blank cell does not."""

_STATUSES = {
    "active": (
        "enabled|open|current|live|in use|is active|active client|active customer|activo|activa|habilitado|habilitada"
        "|abierto|abierta|vigente|en activo|alta|de alta|en alta|cliente activo"
    ),
    "inactive": (
        "not-active|not active|non-active|nonactive|unactive|disabled|not enabled|archived|closed|deactivated|former"
        "|dormant|retired|inactive client|inactive customer|inactivo|inactiva|no activo|no activa|deshabilitado"
        "|deshabilitada|inhabilitado|inhabilitada|desactivado|desactivada|archivado|archivada|cerrado|cerrada|baja"
        "|de baja|dado de baja|dada de baja|antiguo|antigua|cliente inactivo"
    ),
}
# The words of choices in Spanish, and those of other programs; English and the person's language come from the
# catalogue.
_OTHER_WORDS = {
    "status": {word: status for status, said in _STATUSES.items() for word in said.split("|")},
    "subscription": {"ninguna": NONE, "ninguno": NONE},
    "billed_to": {
        "nadie": NONE,
        "firma": "firm",
        "empresa": "firm",
        "plan de la empresa": "firm",
        "cliente": "client",
    },
    "primary_admin": {
        "cliente": "client",
        "empresa": "firm",
        "empresa (traspaso solicitado)": "requested",
        "empresa (cesión solicitada)": "requested",
    },
}


def _words(field: Field) -> dict[str, str]:
    value_of_word = {fold(word): value for word, value in _OTHER_WORDS.get(field.name, {}).items()}
    for choice in field.choices:
        value_of_word[fold(choice.label)] = choice.value or NONE
        if choice.value:
            value_of_word[fold(choice.value)] = choice.value
            value_of_word[fold(choice.label.removeprefix("QuickBooks "))] = choice.value
    return value_of_word


_CHOICES = {field.name: _words(field) for field in BUILT_IN.fields if field.choices}


@lru_cache(maxsize=1_024)
def choice_word(name: str, text: str) -> str | None:
    """The stored word of a choice that is given by word or label, in English, Spanish or the person's language and
    in any case; NONE for one that is none in words, None for what is no choice of the field."""
    field = BUILT_IN.by_name[name]
    word = _CHOICES[name].get(fold(text))
    if word is None:
        chosen = rules.choice_from(field, text)
        word = next((choice.value or NONE for choice in field.choices if choice.value == chosen), None)
    return word
