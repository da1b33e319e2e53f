"""Is the firm sound? What `clientdesk check` looks at."""

from collections.abc import Iterator, Mapping, Sequence

from clientdesk import saved
from clientdesk.desk import bad_rows, seen_history_heads
from clientdesk.desk.history import by_id, referred, shown
from clientdesk.desk.own_value_checking import own_value_findings
from clientdesk.desk.records import Finding
from clientdesk.desk.session import Session, reads
from clientdesk.domain import rules
from clientdesk.domain.patch import Key
from clientdesk.folders import heads_path
from clientdesk.store import history, history_replay, missing_clients, seals
from clientdesk.store.engines import Difference, id_counters, places
from clientdesk.store.entities import ENTITIES
from clientdesk.store.history_replay import Deviation
from clientdesk.text import N_, _, display_text, ngettext, shortened, whole_number

# check of the engine: (what it says when all is well, what it says when not)
_SENTENCES = {
    "file": (
        N_("The file is whole."),
        N_("The file is damaged; put the latest backup back (clientdesk firm restore BACKUP): {details}"),
    ),
    "references": (
        N_("Every reference holds."),
        N_("References that lead nowhere: {details}. Put the latest backup back (clientdesk firm restore BACKUP)."),
    ),
    "search": (
        N_("The search index fits the clients."),
        N_("The search index does not fit the clients; “clientdesk firm upgrade --repair” makes it anew: {details}"),
    ),
    "search_unread": (N_("The search index was not looked at: that takes a write, and the firm is read only."),) * 2,
    "permissions": (
        N_("Only you, and the group of the file where you gave it rights, can read it."),
        N_("Everybody on this computer can reach the file (mode {details}); chmod o= takes that away."),
    ),
    "sharing": (
        N_("Everyone in the group {details} can work in the file, and rewrite it, access rules included."),
        N_("The file is shared by halves. {details} Its owner mends it with “clientdesk firm share GROUP”."),
    ),
    "closed": (
        N_("Only who was let in can connect to the firm's database."),
        N_(
            "Every login of the server has rights on the firm's database ({details}); its owner runs clientdesk firm upgrade --repair."
        ),
    ),
    "closed_left": (
        "",
        N_(
            "Logins of inactive members can still connect to the firm's database ({details}); “clientdesk firm upgrade --repair” prints the SQL that shuts them out."
        ),
    ),
    "closed_strangers": (
        N_(
            "Logins that are nobody's in the team can connect to the firm's database: {details}. “clientdesk firm upgrade --repair” prints the SQL that shuts them out."
        ),
        "",
    ),
    "group": (
        N_("Your login is in the group of your access."),
        N_("The login {details} is not in the group of its access; an administrator runs the SQL that the team shows."),
    ),
    "rights": (
        N_("Your login has no power over the server or its rules."),
        N_("The login {details} may do anything on the server; work with one that is in a group only."),
    ),
    "place": (
        N_("The file lies on a local disk."),
        N_("The file lies on a network file system, where SQLite's locks cannot be trusted; move it to a local disk."),
    ),
}
_MOST = 20
"""So many findings of one kind are told one by one."""

_KINDS = {
    "table": N_("The table {name}"),
    "column": N_("The column {name}"),
    "index": N_("The index {name}"),
    "trigger": N_("The trigger {name}"),
    "view": N_("The view {name}"),
    "sequence": N_("The sequence {name}"),
    "constraint": N_("The constraint {name}"),
    "function": N_("The function {name}"),
    "grant": N_("The right {name}"),
    "policy": N_("The row security {name}"),
    "schema": N_("The schema {name}"),
}
_DIFFERENCE_WORDS = {
    "missing": N_("is missing."),
    "extra": N_("is none of clientdesk's."),
    "changed": N_("is not as this clientdesk makes it: an earlier build of it made it, or another program."),
    "off": N_("is switched off."),
    "lent": N_("does not belong to the firm's owner."),
}
_REPAIR = N_("“clientdesk firm upgrade --repair” sets it right.")
_BACKUP = N_("Put a backup back (clientdesk firm restore BACKUP).")
_CURES = {
    "extra": N_("Whoever made it takes it away."),
    "off": N_("An administrator of the server switches it on (ALTER TABLE … ENABLE TRIGGER ALL)."),
    "lent": N_("An administrator of the server gives it back (ALTER … OWNER TO …)."),
}

_ROWS = {
    "differs": N_(
        "{row}: {label} is “{present}”, the history says “{told}”. "
        "Somebody wrote past clientdesk: put it right there, or put a backup back (clientdesk firm restore BACKUP)."
    ),
    "version": N_(
        "{row} counts {present} changes, the history tells of {told}. Put a backup back (clientdesk firm restore BACKUP)."
    ),
    "no_history": N_(
        "{row} has no history: somebody wrote it past clientdesk. Put a backup back (clientdesk firm restore BACKUP)."
    ),
    "gone": N_(
        "{row} is gone, and the history does not say who deleted it. Put a backup back (clientdesk firm restore BACKUP)."
    ),
    "deleted": N_("{row} was deleted by its history and is here. Put a backup back (clientdesk firm restore BACKUP)."),
    "unreadable": N_(
        "{row} has an entry in its history that cannot be read. Put a backup back (clientdesk firm restore BACKUP)."
    ),
    "erased": N_(
        "{row}: what change set {told} says of it was erased. "
        "Ask who did that, and put a backup back (clientdesk firm restore BACKUP)."
    ),
    "arrival_erased": N_(
        "{row}: what it brought along from another firm in change set {told} was erased. "
        "Ask who did that, and put a backup back (clientdesk firm restore BACKUP)."
    ),
    "derived": N_(
        "{row} is found and sorted by something else than it says ({label}): "
        "another program wrote it; change it in its form, or by clientdesk edit, and back. "
        "Where its number is refused, give the client that is named there another number first."
    ),
}


@reads
def check_firm(session: Session, accept_head: bool = False) -> tuple[Finding, ...]:
    """Looks at the whole firm: file, schema, references, search index, every row against its history, and the chain of
    that, which must go on from where you saw it end; `accept_head` keeps where it ends now.

    Raises FirmUnusable where it cannot be looked at just now (locked, read only, full): that is no finding.
    """
    findings: list[Finding] = []
    for name, sound, details in session.engine.check():
        sentence = _(_SENTENCES[name][0 if sound else 1]).format(details=display_text(details))
        findings.append(Finding(name.partition("_")[0], sound, sentence, looked_at=not name.endswith("_unread")))
        if name == "file" and not sound:
            return tuple(findings)
    differences = list(session.engine.differences())
    findings += _rules(differences, _KEPT_BY_FILE if session.engine.login is None else _KEPT_BY_SERVER)
    if any(difference.kind in ("table", "column") and difference.what == "missing" for difference in differences):
        return tuple(findings)  # what is missing cannot be compared
    with session.engine.reading():
        findings += _ids(session)
        findings += _rows(session)
        findings += bad_rows.findings(session)
        findings += own_value_findings(session)
        findings += _gone_names(session)
        findings += _work(session)
        of_history = list(_history(session))
        findings += of_history
        findings.append(_head(session, accept_head, not all(finding.sound for finding in of_history)))
    return tuple(findings)


_KEPT_BY_FILE = N_("Every rule that the file keeps is in force.")
_KEPT_BY_SERVER = N_("Every rule that the server keeps is in force.")


def check_schema(location: str) -> tuple[Finding, ...]:
    """Looks at what the firm's database is made of, where so much of it is missing that nobody can work in it."""
    engine = places.open_engine(location)
    try:
        with engine.errors():
            return tuple(_rules(list(engine.differences()), _KEPT_BY_FILE))
    finally:
        engine.close()


def _rules(differences: Sequence[Difference], well: str) -> Iterator[Finding]:
    """Whether the schema is as it is made: what differs, object by object."""
    for difference in differences[:_MOST]:
        yield Finding("rules", False, _difference(difference))
    if len(differences) > _MOST:
        yield _more_findings("rules", len(differences) - _MOST)
    if not differences:
        yield Finding("rules", True, _(well))


def _more_findings(name: str, count: int) -> Finding:
    return Finding(
        name, False, ngettext("{n} more like these.", "{n} more like these.", count).format(n=whole_number(count))
    )


def _difference(difference: Difference) -> str:
    """What is wrong with an object of the schema, and what mends it."""
    name = f"{difference.name} ({difference.table})" if difference.table else difference.name
    named_object = _(_KINDS.get(difference.kind, "{name}")).format(name=display_text(name))
    cure = _REPAIR if difference.mended else _CURES.get(difference.what, _BACKUP)
    return f"{named_object} {_(_DIFFERENCE_WORDS[difference.what])} {_(cure)}"


def _ids(session: Session) -> Iterator[Finding]:
    """Whether what counts ids is ahead of all that were given, so that none is given again."""
    wrong = list(id_counters.wrong(session.engine.db))
    for counter in wrong[:_MOST]:
        kind = "missing" if counter.next is None else counter.kind
        values = {"next": counter.next, "greatest": counter.greatest, "entity": display_text(counter.entity)}
        yield Finding("ids", False, f"{_(_COUNTERS[kind]).format(**values)} {_(_SET_RIGHT)}")
    if len(wrong) > _MOST:
        yield _more_findings("ids", len(wrong) - _MOST)
    if not wrong:
        yield Finding("ids", True, _("No id can be given twice."))


_COUNTERS = {
    "missing": N_("The counter of ids of {entity} is missing, although {greatest} is given."),
    "behind": N_("The counter of ids of {entity} gives {next} next, although {greatest} is given."),
    "past": N_("The counter of ids of {entity} gives {next} next, which is not the firm's to give."),
    "extra": N_("There is a counter of ids of {entity}, which has none."),
}
_SET_RIGHT = N_("“clientdesk firm upgrade --repair” sets it right.")


def _rows(session: Session) -> Iterator[Finding]:
    """Whether every row is what its history says, and found and sorted by what it says."""
    odd: dict[str, list[Deviation]] = {"rows": [], "keys": []}
    counts, forgotten = dict.fromkeys(odd, 0), 0
    for deviation in history_replay.deviations(session.engine):
        if deviation.kind == "forgotten":
            forgotten += 1
            continue
        name = "keys" if deviation.kind == "derived" else "rows"
        counts[name] += 1
        if counts[name] <= _MOST:
            odd[name].append(deviation)
    named_rows: dict[str, set[Key]] = {}
    for deviation in (*odd["rows"], *odd["keys"]):
        named_rows.setdefault(deviation.entity, set()).add(deviation.key)
        for values in ({deviation.name: deviation.present}, {deviation.name: deviation.recorded}):
            for entity, key in referred(ENTITIES[deviation.entity].by_name, values):
                named_rows.setdefault(entity, set()).add(key)
    called = history.names(session.engine, named_rows)
    for name, well in (("rows", _WELL), ("keys", _FIT)):
        deviation_findings = [Finding(name, False, _deviation(deviation, called)) for deviation in odd[name]]
        yield from deviation_findings or [Finding(name, True, _(well))]
        if counts[name] > _MOST:
            yield _more_findings(name, counts[name] - _MOST)
    if forgotten:
        text = ngettext(
            "{n} entry of the history was erased; its row is gone.",
            "{n} entries of the history were erased; their rows are gone.",
            forgotten,
        )
        yield Finding("rows", True, text.format(n=whole_number(forgotten)))


def _gone_names(session: Session) -> Iterator[Finding]:
    """Whether deleted clients and refused rows are found by what they were called."""
    deleted = refused = 0
    for wrong in missing_clients.wrong_texts(session.engine):
        deleted, refused = deleted + bool(wrong.client_id), refused + bool(wrong.run)
    if deleted:
        text = ngettext(
            "{n} deleted client is not found by what its history says: another program wrote that, or erased it. {cure}",
            "{n} deleted clients are not found by what their history says: another program wrote that, or erased it. {cure}",
            deleted,
        )
        yield Finding("missing", False, text.format(n=whole_number(deleted), cure=_(_REPAIR)))
    if refused:
        text = ngettext(
            "{n} refused row is not found by its cells: another program wrote that. {cure}",
            "{n} refused rows are not found by their cells: another program wrote that. {cure}",
            refused,
        )
        yield Finding("missing", False, text.format(n=whole_number(refused), cure=_(_REPAIR)))
    if not deleted and not refused:
        yield Finding("missing", True, _("Deleted clients and refused rows are found by what they were called."))


def _work(session: Session) -> Iterator[Finding]:
    """Whether what lists tell of the clients' work is what follows from templates, clients and what people did."""
    if not session.catalogue.templates:
        return
    from clientdesk.desk import work_renewal  # most firms have no work

    if (renewing := work_renewal.renewing(session)) is not None:
        sentence = _("Dates of work are being renewed ({done} of {clients} clients): they were not looked at.")
        counts = {"done": whole_number(renewing.done), "clients": whole_number(renewing.clients)}
        yield Finding("work", True, sentence.format(**counts), looked_at=False)
        return
    client_ids = {(present or wanted).client_id for present, wanted in work_renewal.untrue_rows(session)}  # type: ignore[union-attr]  # one of them is there
    if not client_ids:
        yield Finding("work", True, _("What is due of the clients' work is what follows from the templates."))
        return
    named = history.names(session.engine, {"client": {str(client_id) for client_id in sorted(client_ids)[:_MOST]}})
    sentence = ngettext(
        "What is due of the work of {n} client is not what follows from the templates ({names}): another program wrote that. {cure}",
        "What is due of the work of {n} clients is not what follows from the templates ({names}): another program wrote that. {cure}",
        len(client_ids),
    )
    names = ", ".join(rules.called(name) for name in named.values())
    yield Finding("work", False, sentence.format(n=whole_number(len(client_ids)), names=names, cure=_(_REPAIR)))


_WELL = N_("Every row is what its history says.")
_FIT = N_("Every row is found and sorted by what it says.")


def _deviation(deviation: Deviation, called: Mapping[tuple[str, Key], str]) -> str:
    """What is wrong with a row, in a sentence that names it."""
    entity = ENTITIES[deviation.entity]
    name = (
        deviation.values.get(entity.called_by) or called.get((deviation.entity, deviation.key)) or f"#{deviation.key}"
    )
    row = f"{_(entity.title)} “{rules.called(str(name))}”"
    if company_id := deviation.values.get("company_id"):
        row += f" ({display_text(str(company_id))})"
    label, present, recorded = deviation.name, str(deviation.present), str(deviation.recorded)
    if deviation.kind == "differs":
        label, present, recorded = shown(
            entity.by_name[deviation.name], deviation.present, deviation.recorded, by_id(called)
        )
    values = {"label": label, "present": shortened(present), "told": shortened(recorded)}
    return _(_ROWS[deviation.kind]).format(row=row, **{name: display_text(value) for name, value in values.items()})


def _history(session: Session) -> Iterator[Finding]:
    """Whether the chain of the history holds, and nothing is missing in it."""
    chain_state = seals.look(session.engine)
    wrong = (
        (
            chain_state.broken,
            _("The history was tampered with from change set {number} on; put a backup back ({command})."),
        ),
        (
            chain_state.missing_set,
            _("Change set {number} is missing: somebody took it away; put a backup back ({command})."),
        ),
        (
            chain_state.missing_entry,
            _("Entry {number} of the history is missing: somebody took it away; put a backup back ({command})."),
        ),
        (
            chain_state.miscounted,
            _("Change set {number} counts its rows wrong: another program wrote that; put a backup back ({command})."),
        ),
        (
            chain_state.noted_wrong,
            _(
                "Change set {number} notes wrong what came behind it: another program wrote that; put a backup back "
                "({command})."
            ),
        ),
    )
    command = "clientdesk firm restore BACKUP"
    sentences = [sentence.format(number=number, command=command) for number, sentence in wrong if number is not None]
    yield from (Finding("history", False, sentence) for sentence in sentences)
    if not sentences:
        yield Finding("history", True, _("The history's chain holds."))


def _head(session: Session, accept: bool, broken: bool) -> Finding:
    """Whether the history goes on from where you saw it end. A head that does is kept, and one that is accepted; none
    of a broken chain that is not."""
    verdict = seen_history_heads.verdict(session)
    if not accept and (broken or not verdict.sound):
        return Finding("head", verdict.sound, verdict.sentence)
    failed = seen_history_heads.keep(session)
    if accept:
        verdict = seen_history_heads.verdict(session)
        if not failed:
            saved.anything = True  # that was asked for, whatever becomes of the findings
    if failed:
        sentence = _("{head} It cannot be kept for the next check ({path}: {reason}).")
        sentence = sentence.format(head=verdict.sentence, path=display_text(heads_path()), reason=display_text(failed))
        return Finding("head", verdict.sound and not accept, sentence)
    return Finding("head", verdict.sound, verdict.sentence)
