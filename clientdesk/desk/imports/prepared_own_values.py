"""What a row of a client list says in the firm's own fields, and of tags."""

from collections.abc import Mapping

from clientdesk.domain import own_value_rules, rules
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem


def prepare_own(values: Mapping[str, str], fields: Mapping[str, Field]) -> tuple[dict[str, str], Problem | None]:
    """The values of own fields by name, as a list shows them ("" for a blank cell), and what is wrong with the first one
    that is wrong. A team member is looked for later, as is who has a retired choice already, and a tag that the firm does
    not have yet is made."""
    prepared: dict[str, str] = {}
    problem: Problem | None = None
    for name, raw in values.items():
        if (field := fields.get(name)) is None:
            continue
        text = " ".join(raw.split())
        wrong = rules.foreign_characters(field, text) if text and not text.isprintable() else None
        wrong = wrong or rules.unseen(name, field.label, text)
        if wrong is None and field.kind is Kind.TAGS:
            wrong = own_value_rules.invisible_tag(field, text)
        value = own_value_rules.kept(field, text)
        if wrong is None and text and field.kind is not Kind.MEMBER:
            wrong = own_value_rules.wrong(field, value, retired=True)
            if wrong is not None and wrong.code in ("unknown_tag", "no_tags"):
                known = {fold(tag) for tag in field.called.values()}
                tags = own_value_rules.tag_names(text)
                wrong = own_value_rules.wrong_new_tag(field, [tag for tag in tags if fold(tag) not in known])
        if field.kind is Kind.TAGS and wrong is None:
            prepared[name] = tags_in_words(field, text)
        else:
            prepared[name] = own_value_rules.in_words(field, value) if wrong is None else text
        problem = problem or wrong
    return prepared, problem


def tags_in_words(field: Field, text: str) -> str:
    """Tags as a list shows them: those that the firm has as it writes them."""
    called = {fold(name): name for name in field.called.values()}
    return ", ".join(sorted((called.get(fold(name), name) for name in own_value_rules.tag_names(text)), key=fold))
