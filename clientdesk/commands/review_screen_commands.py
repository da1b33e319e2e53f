"""The commands of doing work: the way to a client's review, the review itself, and the board of many clients and periods."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_REVIEW, _BOARD = ("review",), ("board",)
_DO, _MANAGE = Action.DO_WORK, Action.MANAGE_WORK

REVIEW_COMMANDS: tuple[Command, ...] = (
    Command(
        "work.review",
        "r",
        N_("Review"),
        N_("Open the client's review: the first open period of a template that applies."),
        ("list", "page"),
        footer=4,
        cli="work show",
    ),
    Command(
        "work.all",
        "enter",
        N_("Work"),
        N_("Choose any of the client's works, past and present, and open it."),
        ("page",),
        footer=2,
        cli="work list",
    ),
    Command(
        "work.board",
        "b",
        N_("Board"),
        N_("Open the board: the clients of the list beside the last periods of a template."),
        ("list",),
        footer=3,
        cli="work list",
    ),
    # the review
    Command(
        "review.tick",
        "space",
        N_("Tick"),
        N_(
            "The item, or the account, is done; where it is settled already, it is to do again. Then go to the next one."
        ),
        _REVIEW,
        _DO,
        footer=9,
        cli="work tick",
    ),
    Command(
        "review.waiting",
        "w",
        N_("Waiting"),
        N_("The item waits for the client: type what the client is asked."),
        _REVIEW,
        _DO,
        footer=7,
        cli="work waiting",
    ),
    Command(
        "review.not-applicable",
        "minus",
        N_("N/A"),
        N_("The item is not applicable in this period; where it is so already, it is to do again."),
        _REVIEW,
        _DO,
        footer=6,
        cli="work tick --not-applicable",
    ),
    Command(
        "review.complete",
        "C",
        N_("Complete"),
        N_("Complete the review; what is open is told first."),
        _REVIEW,
        _DO,
        footer=8,
        cli="work complete",
    ),
    Command(
        "review.next", "n", N_("Next"), N_("Go to the next client of the list with such a review."), _REVIEW, footer=5
    ),
    Command(
        "review.previous", "p", N_("Previous"), N_("Go to the previous client of the list with one."), _REVIEW, footer=4
    ),
    Command(
        "review.earlier",
        "left_square_bracket",
        N_("Earlier"),
        N_("Go to the client's period before this one."),
        _REVIEW,
        footer=3,
    ),
    Command(
        "review.later",
        "right_square_bracket",
        N_("Later"),
        N_("Go to the client's period after this one."),
        _REVIEW,
        footer=3,
    ),
    Command(
        "review.comment",
        "c",
        N_("Comment"),
        N_("Write a comment on the item; on a section's line, one on the whole review."),
        _REVIEW,
        _DO,
        footer=4,
        cli="work item --note | work note",
    ),
    Command(
        "review.assignee",
        "a",
        N_("Assign"),
        N_("Choose who does the item; on a section's line, who has a role in the whole review."),
        _REVIEW,
        _DO,
        footer=2,
        cli="work item --to | work assign",
    ),
    Command(
        "review.due",
        "d",
        N_("Due"),
        N_("Set when the item is due; on a section's line, move the due date of the whole review."),
        _REVIEW,
        _DO,
        footer=2,
        cli="work item --due | work move",
    ),
    Command(
        "review.state",
        "s",
        N_("State"),
        N_("Choose the state of the review."),
        _REVIEW,
        _DO,
        footer=3,
        cli="work state",
    ),
    Command(
        "review.open",
        "enter",
        N_("Open"),
        N_("Show the whole item and what was done of it; of an account, type its balance and difference."),
        _REVIEW,
        footer=4,
    ),
    Command(
        "review.reopen",
        "O",
        N_("Reopen"),
        N_("Open a completed review again, for a reason."),
        _REVIEW,
        _MANAGE,
        footer=1,
        cli="work reopen",
    ),
    Command(
        "review.since", "i", N_("What is new"), N_("Show what changed since the period before."), _REVIEW, footer=1
    ),
    Command(
        "review.add",
        "A",
        N_("Add"),
        N_("Add an item that this client alone has, in this period or from it on; among the accounts, an account."),
        _REVIEW,
        _MANAGE,
        footer=1,
        cli="work own | work account add",
    ),
    Command(
        "review.rename",
        "e",
        N_("Rename"),
        N_("Rename the account, or the item that this client alone has."),
        _REVIEW,
        _MANAGE,
        footer=1,
        cli="work own --rename | work account edit",
    ),
    Command(
        "review.remove",
        "R",
        N_("Retire"),
        N_(
            "Retire the account, or the item that this client alone has, from this period on; what was done of it stays."
        ),
        _REVIEW,
        _MANAGE,
        footer=1,
        cli="work own --end | work account retire",
    ),
    Command(
        "review.evidence",
        "E",
        N_("Evidence"),
        N_("Write who did what when of this review into a file, Markdown or CSV."),
        _REVIEW,
        footer=1,
        cli="work evidence",
    ),
    # the board
    Command(
        "board.open", "enter", N_("Open"), N_("Open the review under the cursor."), _BOARD, footer=9, cli="work show"
    ),
    Command("board.template", "t", N_("Template"), N_("Choose another template."), _BOARD, footer=8),
    Command("board.mark", "space", N_("Mark"), N_("Mark the client, or take the mark away."), _BOARD, footer=5),
    Command("board.page", "o", N_("Client"), N_("Open the client's page."), _BOARD, footer=4),
    Command(
        "board.use",
        "n",
        N_("New"),
        N_("Take a template in use that comes with clientdesk."),
        _BOARD,
        _MANAGE,
        footer=2,
        cli="templates add",
    ),
)
