"""What an edit of a field is in words, as a plan is headed by it."""

from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.fields import Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.own_value_rules import in_words as in_own_words
from clientdesk.text import N_, _, shortened

_SENTENCES = {
    How.SET: N_("{field}: set to “{value}”"),
    How.EMPTY: N_("{field}: emptied"),
    How.ADD: N_("{field}: “{value}” added"),
    How.REMOVE: N_("{field}: “{value}” removed"),
    How.REPLACE: N_("{field}: “{value}” becomes “{by}”"),
}


def in_words(edit: FieldEdit, names: Names) -> str:
    """An edit in words; `names` has those of what a reference may name. The values are data."""
    field = names.catalogue.by_name[edit.field]
    value = str(edit.value or "")
    shown = names.of(edit.field).get(value) or field.display(value)
    if field.own or field.kind is Kind.TAGS:
        known = names.of("lead" if field.kind is Kind.MEMBER else edit.field)
        shown = in_own_words(field, edit.value, known.get(value, ""))
    return _(_SENTENCES[edit.how]).format(field=field.title, value=shortened(shown, 40), by=shortened(edit.by, 40))
