"""Fields of the catalogue on the command line: FIELD=VALUE, --columns, and the help that lists them."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import DeskCommand
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import SortKey
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.problems import problem
from clientdesk.domain.rules import choice_from
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.records import Client


class PairWords(NamedTuple):
    """How a command speaks of the pairs it takes (all untranslated): how one is written, the code of the problem that
    there is no such name, and what is said of a name that is there twice."""

    written: str
    unknown: str
    twice: str


FIELD_WORDS = PairWords("FIELD=VALUE", "unknown_field", N_("The field {name} is there twice."))
SETTING_WORDS = PairWords("SETTING=VALUE", "unknown_setting", N_("The setting {name} is there twice."))


def field_called(text: str, catalogue: Catalogue, listed: bool = False, named: Sequence[Field] | None = None) -> Field:
    """The field of the catalogue that is called so (client-number and CLIENT_NUMBER too), of what is `listed` also what
    lists have besides; wrong usage where none is, which names those that make sense: `named`, or all."""
    field = catalogue.called(text)
    if field is None or (field in catalogue.listed and not listed):
        choices = likely_names(text, (known.word for known in (catalogue.fields if named is None else named)))
        raise click.UsageError(problem("unknown_field", value=text, choices=choices).message)
    return field


def assignments(pairs: Sequence[str], catalogue: Catalogue, fillable: Sequence[Field]) -> dict[str, str]:
    """The values given as FIELD=VALUE, by field; choices by their value or label. Of an unknown field it is said which
    ones are `fillable`."""
    values = _by_name(pairs, lambda text: field_called(text, catalogue, named=fillable).name, FIELD_WORDS)
    return {
        name: choice_from(field, value) if (field := catalogue.known(name)) is not None and field.choices else value
        for name, value in values.items()
    }


def named_values(pairs: Sequence[str], names: Collection[str], words: PairWords = FIELD_WORDS) -> dict[str, str]:
    """The values given as NAME=VALUE, by name, of what has these `names` and is no client."""

    def name_of(text: str) -> str:
        name = text.strip().lower().replace("-", "_")
        if name not in names:
            raise click.UsageError(problem(words.unknown, value=text, choices=", ".join(names)).message)
        return name

    return _by_name(pairs, name_of, words)


def _by_name(pairs: Sequence[str], name_of: Callable[[str], str], words: PairWords) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            sentence = _("“{text}”: write {pair}.")
            raise click.UsageError(sentence.format(text=display_text(pair), pair=words.written))
        name = name_of(name)
        if name in values:
            raise click.UsageError(_(words.twice).format(name=name))
        values[name] = value
    return values


def columns(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The fields named in a comma list."""
    return tuple(
        dict.fromkeys(field_called(name, catalogue, listed=True).name for name in text.split(",") if name.strip())
    )


def order(text: str, catalogue: Catalogue) -> tuple[SortKey, ...]:
    """The fields to sort by in a comma list, and whether downwards: "-status" is that."""
    keys = [part.strip() for part in text.split(",") if part.strip()]
    if not keys or "-" in keys:
        raise click.UsageError(_("--sort lacks the name of a field. Write it as in --sort city or --sort=-city."))
    return tuple(
        SortKey(field_called(key.removeprefix("-"), catalogue, listed=True).name, key.startswith("-")) for key in keys
    )


def described(field: Field) -> str:
    """One field as the help shows it: the label, its hint, and what may stand there."""
    parts = [field.title]
    if field.choices:
        parts.append(" | ".join(choice.value or '""' for choice in field.choices))
    elif field.kind is Kind.CLIENT_TYPE:
        parts.append(_("a client type's name"))
    elif field.kind is Kind.MEMBER:
        parts.append(_("a team member's name"))
    if field.hint:
        parts.append(_(field.hint))
    return ": ".join(parts[:2]) + "".join(f" ({part})" for part in parts[2:]) if len(parts) > 1 else parts[0]


class FieldCommand(DeskCommand):
    """A command whose help lists the fields of the catalogue."""

    heading = N_("Fields")
    shown: Sequence[Field] = BUILT_IN.with_tags

    def described(self) -> list[tuple[str, str]]:
        """Each by its name, and what may stand there."""
        own = (_("NAME"), _("a field of the firm's own, by its name (clientdesk fields)"))
        return [*((field.name, described(field)) for field in self.shown), own]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes them beneath the options."""
        with formatter.section(_(self.heading)):
            formatter.write_dl(self.described())
        super().format_epilog(ctx, formatter)


class NewCommand(FieldCommand):
    """A command whose help lists the fields that a person fills in for a new client."""

    shown = BUILT_IN.new_fields


def record_of(client: "Client", catalogue: Catalogue) -> dict[str, object]:
    """A client as JSON shows it: every field of the catalogue, in its order."""
    return {field.word: client.values[field.name] for field in catalogue.fields}
