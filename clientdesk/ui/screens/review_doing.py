"""What every member does on the review screen: items, accounts, comments, and the state of the work."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.text import _, display_text, local_time
from clientdesk.ui.commands import first_key
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.screens import review_rows as words
from clientdesk.ui.screens.review_dialogs import AccountDialog, CommentDialog, ReadingDialog
from clientdesk.ui.screens.review_part import ReviewPart
from clientdesk.ui.screens.review_rows import ReviewRow
from clientdesk.ui.screens.undo_words import with_undo

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_records import Work, WorkOf


class DoingReview(ReviewPart):
    """What every member does: items, accounts, comments, state."""

    async def command_review_tick(self) -> None:
        """The item, or the account, is done or to do again; then the next one."""
        row, work = self._part(), self._work
        if row is None or work is None:
            return
        await self._settle(row, work, "todo" if row.is_settled else "done")

    async def command_review_not_applicable(self) -> None:
        """It is not applicable, or to do again; then the next one."""
        row, work = self._part(), self._work
        if row is None or work is None:
            return
        part = row.item or row.account
        is_so = part is not None and part.state == "not_applicable"
        await self._settle(row, work, "todo" if is_so else "not_applicable")

    async def _settle(self, row: ReviewRow, work: "Work", state: str) -> None:
        from clientdesk.desk import work_accounts, work_doing

        if row.item is not None:
            writes = {"done": work_doing.tick, "not_applicable": work_doing.set_not_applicable}
            done = await self._write(writes.get(state, work_doing.set_to_do), work, [row.item.id])
        else:
            assert row.account is not None
            done = await self._write(work_accounts.reconcile, work, [row.account.account_id], {"state": state})
        self._take(done, self._behind(row))
        if not done.changed and not done.conflicts and row.item is not None:
            self._tell_by_whom(done.work, row.item.id)

    def _tell_by_whom(self, work: "Work", item_id: int) -> None:
        """It stood so already: somebody else was faster."""
        by = next((item.by.name for item in work.items if item.id == item_id), "")
        if by:
            self._screen.tell(_("{name} has done it already.").format(name=display_text(by)))

    def _behind(self, row: ReviewRow) -> int:
        """The id of the next item or account, the row's own where it is the last one."""
        ids = [line.id for line in self._review.lines if not line.is_heading]
        place = ids.index(row.id) if row.id in ids else -1
        return ids[min(place + 1, len(ids) - 1)]

    async def command_review_waiting(self) -> None:
        """Ask what the client is asked; an account waits without a question."""
        from clientdesk.desk import work_accounts, work_doing

        row, work = self._part(), self._work
        if row is None or work is None:
            return
        if row.account is not None:
            values = {"state": "waiting"}
            done = await self._write(work_accounts.reconcile, work, [row.account.account_id], values)
            self._take(done, self._behind(row))
            return
        assert row.item is not None
        item_id = row.item.id

        async def write(question: str) -> "Done":
            return await self._write(work_doing.set_waiting, work, [item_id], question)

        title = _("What is the client asked?")
        dialog = self._asks(title, _("Question"), row.item.question, write, hint=display_text(row.item.title))
        if await self._screen.app.push_screen_wait(dialog):
            self._screen.rows.move_to(self._number_of(self._behind(row)))

    def _number_of(self, row_id: int) -> int:
        return next((number for number, line in enumerate(self._review.lines) if line.id == row_id), 0)

    async def command_review_comment(self) -> None:
        """A comment on the item, or on the whole review."""
        from clientdesk.desk import work_doing

        row, work = self._review.row, self._work
        if work is None:
            return
        if row is not None and row.account is not None:
            key = first_key("review.open")
            self._screen.tell(_("An account has no comment. {key} opens its balance and difference.").format(key=key))
            return

        async def save(text: str) -> None:
            if row is not None and row.item is not None:
                self._take(await self._write(work_doing.save_item, work, [row.item.id], {"note": text}))
            else:
                self._take(await self._write(work_doing.save_note, work, text))

        of_item = row is not None and row.item is not None
        title = row.item.title if row is not None and row.item is not None else _("The whole review")
        note = row.item.note if row is not None and row.item is not None and of_item else work.note
        await self._screen.app.push_screen_wait(CommentDialog(title, note, save))

    async def command_review_state(self) -> None:
        """Choose the state of the work."""
        from clientdesk.desk import work_doing
        from clientdesk.ui.screens.picker import Choose

        if (work := self._work) is None:
            return
        states = {state.number: state for state in work.states if not state.retired or state == work.state}
        options = [(number, state.name) for number, state in states.items()]
        number = await self._screen.app.push_screen_wait(Choose(_("How far is it?"), options, work.state.number))
        if number is None or number == work.state.number:
            return
        if number == COMPLETED:
            await self._complete(work)
        else:
            self._take(await self._write(work_doing.set_state, work, states[number]))

    async def command_review_complete(self) -> None:
        """Complete the work."""
        if (work := self._work) is not None:
            await self._complete(work)

    async def _complete(self, work: "Work") -> None:
        """Complete it; where something is open it is asked first, unless the template wants all of it settled."""
        from clientdesk.desk import work_doing
        from clientdesk.ui.screens.dialogs import Confirm

        try:
            done = await self._screen.gateway.call(work_doing.complete, work)
        except Refused as refusal:
            await self._screen.guarded(self._screen.freshen(BY_YOU))
            if refusal.code != "work_left_open":
                raise
            question = _("Complete it although something is open?")
            dialog = Confirm(question, refusal.message, yes=_("Complete"), no=_("Not yet"))
            if not await self._screen.app.push_screen_wait(dialog):
                return
            done = await self._write(work_doing.complete, work, anyway=True)
        self._take(done)
        if not done.conflicts:
            key = first_key("review.next")
            self._screen.tell(with_undo(_("Completed. {next} goes to the next client.")).format(next=key))

    async def command_review_open(self) -> None:
        """All of an item and what was done of it; of an account the form of its balance; of a heading the whole review."""
        row, work = self._review.row, self._work
        if row is None or work is None:
            return
        if row.account is not None:
            await self._reconcile(row, work)
            return
        from clientdesk.desk import work_evidence

        found = await self._screen.gateway.call(work_evidence.evidence, work.of)
        entity, ending = ("work", "") if row.item is None else ("work_item", f"/{row.item.id}")
        seen = self._review.seen
        assert seen is not None
        paragraphs = words.details_of(row, seen)
        done = [
            f"{local_time(change.at)}  {change.who}: {change.title}"
            for change in found.changes
            if change.entity == entity and change.key.endswith(ending)
        ]
        paragraphs.append((_("What was done"), "\n".join(done) or _("Nothing so far.")))
        title = work.of.period.words if row.item is None else row.values[1]
        await self._screen.app.push_screen_wait(ReadingDialog(title, paragraphs))

    async def _reconcile(self, row: ReviewRow, work: "Work") -> None:
        from clientdesk.desk import work_accounts

        account = row.account
        assert account is not None

        async def save(values: Mapping[str, str]) -> None:
            self._take(await self._write(work_accounts.reconcile, work, [account.account_id], dict(values)))

        await self._screen.app.push_screen_wait(AccountDialog(account, work.days.last.isoformat(), save))

    async def command_review_since(self) -> None:
        """What changed since the period before."""
        if (work := self._work) is None:
            return
        before = work.since.period
        title = _("What is new") if before is None else _("What is new since {period}").format(period=before.words)
        text = "\n".join(display_text(line) for line in words.news_of(work))
        await self._screen.app.push_screen_wait(ReadingDialog(title, [("", text)]))

    async def command_review_evidence(self) -> None:
        """Write the evidence of this work into a file."""
        from clientdesk.ui.screens.ask_path import ask_path

        if (work := self._work) is None:
            return
        name = f"{work.client_number or work.company_id}_{work.of.period.key}.md"
        save = partial(self._write_evidence, work.of)
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
        path = await ask_path(self._screen, _("Where is the evidence saved? .csv makes it a table."), safe, save)
        if path:
            self._screen.tell(_("Saved: {path}").format(path=display_text(path)))

    async def _write_evidence(self, of: "WorkOf", path: str, overwrite: bool) -> None:
        await self._screen.gateway.call(_save_evidence, of, path, overwrite)


def _save_evidence(session: "Session", of: "WorkOf", path: str, overwrite: bool) -> None:
    from clientdesk.desk import work_evidence
    from clientdesk.exchange.file_writing import check_place, write_file

    check_place(path, overwrite, session.location)
    found = work_evidence.evidence(session, of)
    is_csv = path.lower().endswith(".csv")
    text = work_evidence.in_csv(found) if is_csv else work_evidence.in_markdown(found)

    def write(file: Any) -> None:
        file.write(text.encode())

    write_file(path, overwrite, write)
