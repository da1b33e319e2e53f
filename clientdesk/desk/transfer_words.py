"""The plan of a transfer in words, and what became of it, as the command line and the screens tell them; safe to show."""

from collections.abc import Iterable, Iterator

from clientdesk.desk.transfer_counts import Clash, Transferred
from clientdesk.text import _, display_text, ngettext, whole_number


def planned_in_words(planned: Transferred, move: bool, firm: str) -> Iterator[str]:
    """How many clients would go, how many of each kind there are, and what they lose on the way; a line each."""
    to = display_text(firm)
    head = _("Move to {firm}: {rows} chosen") if move else _("Copy to {firm}: {rows} chosen")
    yield head.format(firm=to, rows=whole_number(planned.rows))
    counts = ((_("new"), planned.new), (_("there already"), planned.unchanged), (_("refused"), planned.refused))
    for word, n in counts:
        if n:
            yield f"  {whole_number(n):>9} {word}"
    if planned.types:
        yield _("Client types created there: {names}").format(names=_named(planned.types))
    if planned.templates:
        yield _("Templates of work added there, retired: {names}").format(names=_named(planned.templates))
    if planned.leads:
        sentence = _("Not active in the team there, so clients come without them: {names}")
        yield sentence.format(names=_named(planned.leads))
    if planned.on_plan:
        text = ngettext(
            "{n} client is billed to the firm's plan, which will be that of {firm}.",
            "{n} clients are billed to the firm's plan, which will be that of {firm}.",
            planned.on_plan,
        )
        yield text.format(n=whole_number(planned.on_plan), firm=to)


def _named(counted: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{display_text(name)} ({whole_number(n)})" for name, n in counted)


def clash_in_words(clash: Clash, reason: str) -> str:
    """Why a client is refused, after its Company ID and name."""
    name = f" “{display_text(clash.name)}”" if clash.name else ""
    return f"{display_text(clash.key)}{name}: {reason}"


def done_in_words(outcome: Transferred, move: bool, firm: str) -> str:
    """How many clients have gone."""
    if move:
        n = outcome.moved
        text = ngettext("{n} client moved to {firm}.", "{n} clients moved to {firm}.", n)
        text = text if n else _("No client was moved to {firm}: what is said above stands in the way.")
    else:
        n = outcome.new
        text = ngettext("{n} client copied to {firm}.", "{n} clients copied to {firm}.", n)
        text = text if n else _("No client was copied to {firm}: they are there already, or refused.")
    return text.format(n=whole_number(n), firm=display_text(firm))
