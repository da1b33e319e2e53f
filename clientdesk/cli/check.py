"""`clientdesk check`: whether the firm is sound."""

import click

from clientdesk.cli.firm_location import located
from clientdesk.cli.frame import DeskCommand, asked_firm, opened_firm
from clientdesk.cli.printing import say
from clientdesk.domain.problems import FirmUnusable
from clientdesk.text import _, display_text


@click.command("check", cls=DeskCommand, help=_("Check the firm from end to end. Exits with 1 if something is wrong."))
@click.option(
    "--accept-head",
    is_flag=True,
    help=_("Keep where the history ends now, although it does not go on from where you saw it end."),
)
@click.pass_context
def check(context: click.Context, accept_head: bool) -> None:
    """Prints each finding and ends with 1 if one is not sound."""
    from clientdesk.desk.checking import check_firm, check_schema

    try:
        with opened_firm(untold=("open_to_all",)) as session:  # that is a finding
            findings = check_firm(session, accept_head)
    except FirmUnusable as refusal:
        if refusal.code != "not_as_made":
            raise
        findings = check_schema(located(asked_firm()))
    for finding in findings:
        mark = ("✓" if finding.looked_at else "–") if finding.sound else "✗"
        say(f"{mark} {display_text(finding.name)}: {display_text(finding.sentence)}")
    if not all(finding.sound for finding in findings):
        context.exit(1)
