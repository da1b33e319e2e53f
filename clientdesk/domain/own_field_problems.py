"""What can be wrong with a field of the firm's own, a choice of it or a tag: codes and sentences, for the catalogue."""

from clientdesk.text import N_

OWN_FIELD_PROBLEMS: dict[str, tuple[str, bool]] = {
    # a field
    "field_built_in": (
        N_("“{name}” is what the built-in field {of} is called. Give the field another name."),
        False,
    ),
    "field_internal": (
        N_("“{name}” is how clientdesk itself writes a field of the firm's own. Give the field another name."),
        False,
    ),
    "field_sign": (
        N_("The field's name “{name}” has the sign {sign}, which stands between fields and values. Leave it out."),
        False,
    ),
    "field_taken": (N_("There is a field {name} already. Give another name."), False),
    "field_taken_retired": (
        N_("There is a field {name} already, which is retired. Bring it back, or give another name."),
        False,
    ),
    "field_gone": (N_("The field {name} was taken back by {who}. Add it again where it is needed."), False),
    "field_stays": (N_("{name} stays: a field is retired, and its values are kept."), False),
    "field_width": (N_("A column is {least} to {most} cells wide, not {value}. Give a width in between."), False),
    "kind_stays": (
        N_("{name} stays a field of the kind {kind}, as its values would not fit another one. Add a field instead."),
        False,
    ),
    "unknown_property": (N_("A field has no “{value}” that can be set. There are: {choices}."), False),
    "field_not_unique": (
        N_("A field of the kind {kind} cannot be unique: several clients have the same value there. Leave it so."),
        False,
    ),
    "field_shared": (
        N_(
            "{name} cannot be unique yet: “{value}” stands with “{holder}” and with “{other}”. Change one of them first."
        ),
        False,
    ),
    "too_many_own_fields": (
        N_("A firm has at most {limit} fields of its own, with the retired ones. Bring one back and rename it."),
        False,
    ),
    "unknown_own_field": (N_("The firm has no field of its own “{value}”. There are: {choices}."), False),
    "no_own_fields": (N_("The firm has no field of its own “{value}”, and no other one. Add it first."), False),
    # a choice
    "no_choices": (N_("{name} is a field of the kind {kind}: it has no choices. Only a choice has them."), False),
    "choice_taken": (N_("{of} has a choice {name} already. Give another name."), False),
    "choice_taken_retired": (
        N_("{of} has a choice {name} already, which is retired. Bring it back, or give another name."),
        False,
    ),
    "choice_gone": (N_("The choice {name} was taken back by {who}. Add it again where it is needed."), False),
    "choice_stays": (N_("{name} stays: a choice is retired, and clients keep it."), False),
    "too_many_choices": (
        N_("{of} has at most {limit} choices, with the retired ones. Bring one back and rename it."),
        False,
    ),
    "unknown_choice": (N_("{of} has no choice “{value}”. There are: {choices}."), False),
    "choice_retired": (N_("“{value}” is a retired choice of {of}, and nobody takes it. There are: {choices}."), False),
    # a tag
    "tag_sign": (
        N_("The tag “{name}” has the sign {sign}, which stands between tags, or before them. Leave it out."),
        False,
    ),
    "tag_taken": (N_("There is a tag {name} already. Give another name, or merge the two."), False),
    "tag_gone": (N_("The tag {name} was deleted by {who}. Type it again where it is needed."), False),
    "tag_in_use": (N_("Clients have the tag {name} ({count}). Take it off them first, or merge it."), False),
    "tag_into_itself": (N_("{name} is not merged into itself. Name another tag."), False),
    "too_many_tags": (N_("A firm has at most {limit} tags. Merge some, or delete those that no client has."), False),
    "unknown_tag": (N_("There is no tag “{value}”. There are: {choices}."), False),
    "no_tags": (N_("There is no tag “{value}”, and no other one. Type it where a client shall have it."), False),
}
