"""What the message of a save says of what was changed meanwhile in other fields."""

from collections.abc import Sequence

from clientdesk.text import _, display_text


def stays(labels: Sequence[str], by: str, me: str) -> list[str]:
    """That these fields were changed meanwhile (`by`: names, "" if not known) and stay so; a sentence, or none."""
    if not labels:
        return []
    fields = ", ".join(labels)
    if by == me:
        return [_("You changed in another window, and it stays so: {fields}").format(fields=fields)]
    who = display_text(by) or _("Someone else")
    return [_("{who} changed meanwhile, and it stays so: {fields}").format(who=who, fields=fields)]
