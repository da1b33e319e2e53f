"""`clientdesk templates`: templates of work."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from clientdesk.cli.frame import group_that_lists, opened_firm, with_options
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.cli.template_files import apply_template, export_template, import_template
from clientdesk.cli.template_words import DRY_RUN, JSON_ONE, YES, goes_on, record, say_template, tell_of_clients
from clientdesk.domain.due_dates import DUE_EXAMPLES
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.working_days import Roll
from clientdesk.text import _, display_text, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.domain.patch import Value
    from clientdesk.domain.work_templates import WorkTemplate

_RULES = with_options(
    click.option(
        "--where",
        multiple=True,
        metavar="FILTER",
        help=_("It applies to active clients such as city=Madrid, see “clientdesk list --help”; may be repeated."),
    ),
    click.option(
        "--due", metavar="TEXT", help=_("When its work is due: {examples}.").format(examples=", ".join(DUE_EXAMPLES))
    ),
    click.option(
        "--roll",
        type=click.Choice([roll.value for roll in Roll]),
        help=_("Where a due date goes that is no working day: it stays, to the next one, or to the one before."),
    ),
    click.option("--calendar", metavar="NAME", help=_("The calendar of working days: weekends.")),
    click.option("--begins", metavar="PERIOD", help=_("No work before this period, such as 2026-01 or FY2026.")),
    click.option(
        "--closing-needs-all/--closing-needs-nothing", default=None, help=_("Completed when all items are done.")
    ),
    click.option(
        "--state", "states", multiple=True, metavar="NAME", help=_("A state between To do and Completed; repeated.")
    ),
    click.option(
        "--role",
        "roles",
        multiple=True,
        metavar="NAME[=WHO]",
        help=_("A role, and who has it: lead, a team member's name, or an own field's; up to three."),
    ),
)

templates = group_that_lists("templates", _("Templates of work: what is done for which clients, and when it is due."))


@templates.command("list", help=_("Print the templates, in their order."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_templates(as_json: bool) -> None:
    """Prints every template, the retired ones last."""
    from clientdesk.desk import client_filters, work_templates
    from clientdesk.desk.template_files import SHIPPED, applies_in_words

    with opened_firm() as session:
        listed, names = work_templates.templates(session), client_filters.names(session)
        counts = work_templates.clients_of(session, listed)
        if as_json:
            for template in listed:
                say(json_text({**record(session, template, names), "clients": counts[template.id]}))
            return
    if not listed:
        sentence = _(
            "The firm has no templates yet. “clientdesk templates add {name}” takes one that comes with clientdesk."
        )
        say(sentence.format(name=SHIPPED[0]))
        return
    say_table(
        [_("Template"), _("Applies to"), _("Period"), _("Due"), _("Clients"), _("Items"), _("Status")],
        [
            [
                template.name,
                applies_in_words(template, names),
                _(template.period.label),
                "" if template.due is None else template.due.words,
                "–" if (count := counts[template.id]) is None else whole_number(count),
                whole_number(len(template.items)),
                _("Retired") if template.retired else _("Active"),
            ]
            for template in listed
        ],
    )


@templates.command("show", help=_("Print a template with its sections and items."))
@click.argument("name")
@JSON_ONE
def show(name: str, as_json: bool) -> None:
    """Prints one template."""
    from clientdesk.desk import client_filters, work_templates
    from clientdesk.desk.template_files import applies_in_words, role_in_words

    with opened_firm() as session:
        template, names = work_templates.template_by_name(session, name), client_filters.names(session)
        if as_json:
            say(json_text(record(session, template, names)))
            return
        roles = ", ".join(role_in_words(session, role) for role in template.roles)
    lines = [
        (_("Template"), template.name + (f" ({_('Retired')})" if template.retired else "")),
        (_("Applies to"), applies_in_words(template, names)),
        (_("Period"), _(template.period.label)),
        (_("Due"), "" if template.due is None else template.due.words),
        (_("Otherwise"), _(template.roll.label)),
        (_("Begins"), template.begins),
        (_("Roles"), roles),
        (_("States"), ", ".join(state.name for state in template.states if not state.retired)),
        (
            _("Completed"),
            _("when all items are done") if template.closing_needs_all else _("whenever somebody says so"),
        ),
    ]
    for label, text in lines:
        if text:
            say(f"{label:<12}{display_text(text)}")
    for section in template.standing_sections:
        say()
        say(display_text(section.name))
        for item in section.standing:
            say(f"  {display_text(item.title)}")


@templates.command(
    "add",
    help=_("Add a template: a new one with --period, or one that comes with clientdesk: books-review, books-close."),
)
@click.argument("name")
@click.option("--period", type=click.Choice([kind.value for kind in PeriodKind]), help=_("How often its work is done."))
@_RULES
@JSON_ONE
def add(name: str, period: str | None, as_json: bool, **rules: Any) -> None:
    """Adds a template at the end."""
    from clientdesk.desk import template_files, work_templates
    from clientdesk.domain.template_files import FileTemplate

    with opened_firm(to_write=True) as session:
        said = template_files.shipped(name) if period is None else FileTemplate(name, PeriodKind(period))
        wanted = template_files.template_of(session, _ruled(said, rules))
        added = work_templates.add_template(session, wanted)
        tell_of_clients(session, added)
        say_template(session, _("Added: {name}"), added, as_json)


def _ruled(said: Any, rules: Mapping[str, Any]) -> Any:
    """A template with what the options of a command say of it."""
    from clientdesk.desk.template_texts import role_typed

    named: dict[str, Any] = {"applies": tuple(rules["where"]), "states": tuple(rules["states"])}
    named |= {key: rules[key] for key in ("due", "calendar", "begins", "closing_needs_all") if rules[key] is not None}
    named |= {"roll": Roll(rules["roll"])} if rules["roll"] else {}
    named |= {"roles": tuple(map(role_typed, rules["roles"]))}
    return said._replace(**{key: value for key, value in named.items() if value not in ((), "")})


@templates.command(
    "edit", help=_("Change a template: its name and the rules that are given; what was done by it stays.")
)
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help=_("Its new name."))
@click.option("--everyone", is_flag=True, help=_("It applies to all active clients."))
@_RULES
@DRY_RUN
@YES
@JSON_ONE
def edit(
    name: str, new_name: str | None, everyone: bool, dry_run: bool, yes: bool, as_json: bool, **rules: Any
) -> None:
    """Changes what is named of a template, and says first what that changes."""
    from clientdesk.desk import template_files, work_templates
    from clientdesk.domain import template_files as files

    if everyone and rules["where"]:
        raise click.UsageError(_("Choose one of --where and --everyone."))
    with opened_firm(to_write=True) as session:
        present = work_templates.template_by_name(session, name)
        said = files.read(template_files.file_of(session, present), present.name)
        said = _ruled(said, rules)
        said = said._replace(applies=()) if everyone else said
        wanted = template_files.template_of(session, said)
        if not rules["roles"]:
            wanted = wanted._replace(roles=present.roles)
        wanted = wanted._replace(name=present.name if new_name is None else new_name)
        if not goes_on(template_files.effect(session, present, wanted, parts=False), dry_run, yes, as_json):
            return
        before, after = work_templates.values_of(present), work_templates.values_of(wanted)
        changes: dict[str, Value] = {key: value for key, value in after.items() if value != before[key]}
        saved = work_templates.save_template(session, present, changes)
        tell_of_clients(session, saved.template)
        say_template(session, _("Saved: {name}"), saved.template, as_json)


def _with_template(
    name: str, change: "Callable[[Session, int], WorkTemplate]", sentence: str, already: bool, as_json: bool
) -> None:
    """Changes whether a template is retired, and says so; `already` is what it is then."""
    from clientdesk.desk import work_templates

    with opened_firm(to_write=True) as session:
        template = work_templates.template_by_name(session, name)
        changed = change(session, template.id)
        said = _("Nothing was changed.") if template.retired is already else sentence
        say_template(session, said, changed, as_json)


@templates.command("retire", help=_("Retire a template: nobody has work by it any more, and what was done is kept."))
@click.argument("name")
@JSON_ONE
def retire(name: str, as_json: bool) -> None:
    """Retires a template."""
    from clientdesk.desk import work_templates

    _with_template(name, work_templates.retire_template, _("Retired: {name}"), True, as_json)


@templates.command("restore", help=_("Bring a retired template back."))
@click.argument("name")
@JSON_ONE
def restore(name: str, as_json: bool) -> None:
    """Brings a template back."""
    from clientdesk.desk import work_templates

    _with_template(name, work_templates.restore_template, _("Brought back: {name}"), False, as_json)


@templates.command("order", help=_("Put templates first, in the order in which they are named."))
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def order(names: Sequence[str]) -> None:
    """Puts templates first."""
    from clientdesk.desk import work_templates

    with opened_firm(to_write=True) as session:
        moved = list(dict.fromkeys(work_templates.template_by_name(session, name).id for name in names))
        others = [template.id for template in work_templates.templates(session) if template.id not in moved]
        ordered = work_templates.place_templates(session, moved, others[0] if others else None)
    say(_("In order: {names}").format(names=", ".join(display_text(template.name) for template in ordered)))


for _command in (export_template, import_template, apply_template):
    templates.add_command(_command)
