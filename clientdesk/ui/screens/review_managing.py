"""What is managed on the review screen: people and dates, reopening, and what one client alone has."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from clientdesk.domain.problems import Refused, problem
from clientdesk.text import _, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens import review_rows as words
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.review_part import ReviewPart
from clientdesk.ui.screens.undo_words import with_undo

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_accounts import Account
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_records import Work


class ManagingReview(ReviewPart):
    """People and dates, reopening, and what this client alone has."""

    async def command_review_assignee(self) -> None:
        """Who does the item or the account; on a heading, who has a role."""
        from clientdesk.desk import work_accounts, work_doing

        row, work = self._review.row, self._work
        if work is None:
            return
        if row is None or row.is_heading:
            await self._assign_role(work)
            return
        part = row.item or row.account
        assert part is not None
        title = _("Who does “{item}”?").format(item=display_text(row.values[1]))
        member_id = await self._member(title, _("(nobody)"), part.assignee.id)
        if member_id is None:
            return
        values = {"assignee": member_id or None}
        if row.item is not None:
            self._take(await self._write(work_doing.save_item, work, [row.item.id], values))
        elif row.account is not None:
            self._take(await self._write(work_accounts.reconcile, work, [row.account.account_id], values))

    async def _assign_role(self, work: "Work") -> None:
        from clientdesk.desk import work_managing
        from clientdesk.ui.screens.picker import Choose

        if not self._manages():
            return
        roles = {role.number: role for role in work.people}
        number: int | None = next(iter(roles), None)
        if len(roles) > 1:
            options = [(number, role.name) for number, role in roles.items()]
            remarks = [role.member.name for role in roles.values()]
            choose = Choose(_("Whose part in the review?"), options, remarks=remarks)
            number = await self._screen.app.push_screen_wait(choose)
        if number is None:
            return
        role = roles[number]
        current = role.member.id if role.is_named else 0
        member_id = await self._member(f"{role.name}?", _("(as the template says)"), current)
        if member_id is not None:
            self._take(await self._write(work_managing.assign, work, {number: member_id or None}))

    async def command_review_due(self) -> None:
        """When the item or the account is due; on a heading, the whole review."""
        from clientdesk.desk import work_accounts, work_doing, work_managing

        row, work = self._review.row, self._work
        if work is None:
            return
        part = None if row is None else row.item or row.account
        if part is None and not self._manages():
            return

        async def write(text: str) -> "Done":
            if row is not None and row.item is not None:
                return await self._write(work_doing.save_item, work, [row.item.id], {"due": text})
            if row is not None and row.account is not None:
                return await self._write(work_accounts.reconcile, work, [row.account.account_id], {"due": text})
            return await self._write(work_managing.move_due, work, _day(text))

        if part is not None and row is not None:
            title, value = row.values[1], str(part.due or "")
            hint = _("YYYY-MM-DD; nothing: no date of its own.")
        else:
            title, value = _("The whole review"), work.due.isoformat()
            hint = _("YYYY-MM-DD; nothing: as the template says.")
        await self._screen.app.push_screen_wait(self._asks(title, _("Due"), value, write, hint=hint))

    async def command_review_reopen(self) -> None:
        """Open the completed work again."""
        from clientdesk.desk import work_doing

        if (work := self._work) is None:
            return
        if not work.is_completed:
            key = first_key("review.complete")
            self._screen.tell(_("It is not completed. {key} completes it.").format(key=key))
            return

        async def write(reason: str) -> "Done":
            return await self._write(work_doing.reopen, work, reason)

        title = _("Why is it opened again?")
        await self._screen.app.push_screen_wait(self._asks(title, _("Reason"), "", write, verb=_("Reopen")))

    # --- what this client alone has

    async def command_review_add(self) -> None:
        """Add an item that this client alone has, or an account."""
        from clientdesk.ui.screens.picker import Choose

        if (work := self._work) is None:
            return
        row = self._review.row
        sections = {section.id: section for section in work.sections}
        section = sections.get(row.section_id if row is not None else 0) or next(iter(sections.values()), None)
        options: list[tuple[str, str]] = []
        if section is not None:
            name = display_text(section.name)
            options = [
                ("on", _("an item in {section}, from this period on").format(section=name)),
                ("once", _("an item in {section}, only in this period").format(section=name)),
            ]
        account = ("account", _("an account"))
        options = (
            [account, *options] if row is not None and row.section_id == words.ACCOUNTS_ID else [*options, account]
        )
        what = await self._screen.app.push_screen_wait(Choose(_("What does this client alone have?"), options))
        if what == "account":
            await self._add_account(work)
        elif what is not None and section is not None:
            await self._add_item(work, section.id, what == "once")

    async def _add_item(self, work: "Work", section_id: int, only: bool) -> None:
        from clientdesk.desk import work_managing

        async def write(title: str) -> "Done":
            return await self._changed(work_managing.add_own_items, work, section_id, [title], only)

        await self._screen.app.push_screen_wait(self._asks(_("What is to be done?"), _("Item"), "", write))

    async def _changed(self, change: Callable[..., "Work"], *arguments: Any) -> "Done":
        """Write what answers with the work."""
        from clientdesk.desk.work_doing import Done

        return Done(await self._write(change, *arguments), 1)  # type: ignore[arg-type]  # it answers with the work

    async def _add_account(self, work: "Work") -> None:
        from clientdesk.desk import work_accounts
        from clientdesk.ui.screens.dialogs import Ask

        name = await self._screen.app.push_screen_wait(Ask(_("Which account?"), save=_("Go on"), check=_needed))
        if not name:
            return

        async def save(currency: str) -> str:
            try:
                account = await self._screen.gateway.call(work_accounts.add_account, work.of.client_id, name, currency)
            except Refused as refusal:
                return refusal.message
            await self._screen.freshen(FirmChange(row_id=words.account_row_id(account.id)))
            return ""

        currency = work.accounts[-1].currency if work.accounts else ""
        title = _("In which currency is {account}?").format(account=display_text(name))
        hint = _("Three letters, such as EUR; nothing for none.")
        await self._screen.app.push_screen_wait(AskAndSave(title, _("Currency"), currency, save, hint=hint))

    async def command_review_rename(self) -> None:
        """Rename the client's own item, or the account."""
        from clientdesk.desk import work_accounts, work_managing

        row, work = self._part(), self._work
        if row is None or work is None:
            return
        if row.item is not None and not row.item.of_client:
            self._tell_of_template(work)
            return

        item, account = row.item, row.account

        async def save(name: str) -> str:
            try:
                if item is not None:
                    await self._screen.gateway.call(work_managing.rename_own_item, work, item, name)
                elif account is not None:
                    present = await self._screen.gateway.call(_account, work.of.client_id, account.account_id)
                    await self._screen.gateway.call(work_accounts.save_account, present, {"name": name})
            except Refused as refusal:
                return refusal.message
            await self._screen.freshen(BY_YOU)
            return ""

        name = item.title if item is not None else account.name if account is not None else ""
        await self._screen.app.push_screen_wait(AskAndSave(_("Rename it"), _("Name"), name, save))

    def _tell_of_template(self, work: "Work") -> None:
        sentence = _("All clients of {template} have this item: its template says what it is called.")
        self._screen.tell(sentence.format(template=display_text(work.template)))

    async def command_review_remove(self) -> None:
        """Retire the client's own item from this period on, or the account."""
        from clientdesk.desk import work_accounts, work_managing

        row, work = self._part(), self._work
        if row is None or work is None:
            return
        if row.item is not None and not row.item.of_client:
            self._tell_of_template(work)
            return
        if row.item is not None:
            self._take(await self._changed(work_managing.end_own_item, work, row.item))
        elif row.account is not None:
            account = await self._screen.gateway.call(_account, work.of.client_id, row.account.account_id)
            await self._screen.gateway.call(work_accounts.retire_account, account)
            await self._screen.freshen(BY_YOU)
        self._screen.tell(with_undo(_("Retired; what was done of it stays.")))


def _account(session: "Session", client_id: int, account_id: int) -> "Account":
    """An account of a client, as it stands. Refused where it is gone ("client_gone" for all of them)."""
    from clientdesk.desk import work_accounts

    return next(account for account in work_accounts.accounts(session, client_id) if account.id == account_id)


def _day(text: str) -> date | None:
    """A date that is typed, None for nothing. Refused for what is none ("no_date")."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(problem("no_date", "due", label=_("Due"), value=text)) from None


def _needed(text: str) -> str | None:
    return None if text else _("Type the name.")
