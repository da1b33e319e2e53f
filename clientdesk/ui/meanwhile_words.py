"""What is said of what somebody did meanwhile: while it is open to be changed, and in the message of a save."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.text import N_, _, display_text, shortened
from clientdesk.ui.commands import first_key

if TYPE_CHECKING:
    from clientdesk.desk.meanwhile import Since


class News(NamedTuple):
    """A sentence, untranslated, where it was you in another window, and where it was `{who}`. `{key}` saves."""

    yours: str
    theirs: str

    def sentence(self, who: str, me: str) -> str:
        """The sentence for what `who` did, translated."""
        return _(self.yours if who == me else self.theirs)


CLIENT_CHANGED = News(
    N_("You changed this client in another window; {key} asks if the two clash."),
    N_("{who} changed this client meanwhile; {key} asks if the two clash."),
)
CLIENT_ACTIVATED = News(
    N_("You made this client active in another window; {key} asks if the two clash."),
    N_("{who} made this client active meanwhile; {key} asks if the two clash."),
)
CLIENT_DEACTIVATED = News(
    N_("You made this client inactive in another window; {key} asks before saving."),
    N_("{who} made this client inactive meanwhile; {key} asks before saving."),
)
ROW_CHANGED = News(
    N_("You changed in another window: {fields}; {key} asks if the two clash."),
    N_("{who} changed meanwhile: {fields}; {key} asks if the two clash."),
)
ROW_CONTESTED = News(
    N_("You changed in another window: {fields}; {key} asks before saving."),
    N_("{who} changed meanwhile: {fields}; {key} asks before saving."),
)
"""Where a save asks whatever was typed."""
GONE = N_("{sentence} What you typed cannot be saved any more.")


class Contested(NamedTuple):
    """A field that you and somebody else changed: what it said when it was read and what it says now, as a person reads
    them, that as the field holds it, and a sentence about who changed it, "" where it stands elsewhere."""

    before: str
    theirs: str
    held: str
    why: str = ""

    @property
    def sentence(self) -> str:
        """What stands in the field and what the keys do, safe to show."""
        nothing, save, take = _("nothing"), first_key("member.save"), first_key("member.theirs")
        template = _(
            "It said {before} and says {theirs} now. Yours stands here: {save} replaces theirs, {take} takes theirs."
        )
        before, theirs = (shortened(display_text(value)) or nothing for value in (self.before, self.theirs))
        sentence = template.format(before=before, theirs=theirs, save=save, take=take)
        return f"{display_text(self.why)} {sentence}".strip()


def somebody(who: str) -> str:
    """A name, or words for somebody of whom nothing is known."""
    return who or _("Someone else")


def of_row(news: News, since: "Since", me: str) -> str:
    """The sentence about what was changed in a row, with the fields before and after; "" where nothing was."""
    if not since.fields:
        return ""
    fields = ", ".join(
        f"{field.label}: {shortened(display_text(field.old))} → {shortened(display_text(field.new))}"
        for field in since.fields
    )
    who = display_text(somebody(since.who))
    return news.sentence(since.who, me).format(who=who, fields=fields, key=first_key("member.save"))


def stays(labels: Sequence[str], by: str, me: str) -> list[str]:
    """That these fields were changed meanwhile (`by`: names, "" if not known) and stay so; a sentence, or none."""
    if not labels:
        return []
    fields = ", ".join(labels)
    if by == me:
        return [_("You changed in another window, and it stays so: {fields}").format(fields=fields)]
    who = display_text(somebody(by))
    return [_("{who} changed meanwhile, and it stays so: {fields}").format(who=who, fields=fields)]
