"""What the commands of templates share: how one is printed, and what is said before one is changed."""

from typing import TYPE_CHECKING

import click

from clientdesk.cli.printing import answer, json_text, say, tell_problems
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.template_files import Effect
    from clientdesk.domain.filter_words import Names
    from clientdesk.domain.work_templates import WorkTemplate

JSON_ONE = click.option("--json", "as_json", is_flag=True, help=_("Print the template as one object."))
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Only say what would change."))
YES = click.option("--yes", is_flag=True, help=_("Change it without asking."))


def record(session: "Session", template: "WorkTemplate", names: "Names") -> dict[str, object]:
    """A template as JSON shows it."""
    from clientdesk.desk.template_files import role_in_words
    from clientdesk.domain.filter_text import written

    return {
        "name": template.name,
        "applies": [written(on, names) for on in template.applies],
        "period": template.period.value,
        "due": "" if template.due is None else template.due.text,
        "roll": template.roll.value,
        "calendar": template.calendar,
        "begins": template.begins,
        "closing_needs_all": template.closing_needs_all,
        "roles": [role_in_words(session, role) for role in template.roles],
        "states": [state.name for state in template.states if not state.retired],
        "retired": template.retired,
        "sections": [
            {
                "name": section.name,
                "retired": section.retired,
                "items": [
                    {"title": item.title, "retired": item.retired} for item in section.items if item.client_id is None
                ],
            }
            for section in template.sections
        ],
    }


def say_template(session: "Session", sentence: str, template: "WorkTemplate", as_json: bool) -> None:
    """Says what became of a template, or prints it as JSON."""
    from clientdesk.desk import client_filters

    if as_json:
        say(json_text(record(session, template, client_filters.names(session))))
    else:
        say(sentence.format(name=display_text(template.name)))


def tell_of_clients(session: "Session", template: "WorkTemplate") -> None:
    """What whoever saves a template should know of the clients to whom it applies."""
    from clientdesk.desk import work_templates

    tell_problems(work_templates.applies_to(session, template, 0).problems)


def goes_on(effect: "Effect", dry_run: bool, yes: bool, as_json: bool) -> bool:
    """Says what changes, and asks whether to go on where work was done by the template, or it applies to others then."""
    told = effect.told
    if dry_run and as_json:
        say(json_text({"changes": list(told), "clients_touched": effect.touched.clients}))
        return False
    for sentence in told if not as_json else ():
        say(sentence)
    if not told:
        say(_("Nothing was changed."))
    if dry_run or not told:
        return False
    if yes or (effect.clients is None and not effect.touched.clients):
        return True
    said = answer(_("Go on?"))
    if said is None:
        raise click.UsageError(_("This changes work that there is: --yes goes on, --dry-run only says what changes."))
    if not said:
        say(_("Nothing was changed."))
    return said
