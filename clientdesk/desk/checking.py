"""Is the firm sound? What `clientdesk check` looks at."""

from clientdesk.desk.records import Finding
from clientdesk.desk.session import Session, reads
from clientdesk.store import clients, engines, history
from clientdesk.text import N_, _, display_text

# check of the engine: (what it says when all is well, what it says when not)
_SENTENCES = {
    "file": (
        N_("The file is whole."),
        N_("The file is damaged; put the latest backup back (clientdesk firm restore BACKUP): {details}"),
    ),
    "references": (
        N_("Every reference holds."),
        N_("{details} references lead nowhere; put the latest backup back (clientdesk firm restore BACKUP)."),
    ),
    "search": (
        N_("The search index fits the clients."),
        N_(
            "The search index does not fit the clients; put the latest backup back (clientdesk firm restore BACKUP): {details}"
        ),
    ),
    "permissions": (
        N_("Only you, and the group of the file where you gave it rights, can read it."),
        N_("Everybody on this computer can reach the file (mode {details}); chmod o= takes that away."),
    ),
    "sharing": (
        N_("Everyone in the group {details} can work in the file, and rewrite it, access rules included."),
        N_("The file is shared by halves. {details} Its owner mends it with “clientdesk firm share GROUP”."),
    ),
    "rules": (
        N_("Every rule that the server keeps is in force."),
        N_("Rules that the server should keep are switched off ({details}); the database's owner switches them on."),
    ),
    "closed": (
        N_("Only who was let in can connect to the firm's database."),
        N_(
            "Every login of the server has rights on the firm's database ({details}); its owner runs clientdesk firm upgrade --repair."
        ),
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
_UNFIT = N_(
    "Clients ({count}, the first is {company_id}) are found and sorted by what they said before; "
    "another program wrote them: change each in its form and back."
)


@reads
def check_firm(session: Session) -> tuple[Finding, ...]:
    """Looks at the whole firm: the file, the references, the search index, the chain of the history."""
    found = []
    for name, sound, details in session.engine.check():
        sentence = _(_SENTENCES[name][0 if sound else 1]).format(details=display_text(details))
        found.append(Finding(name, sound, sentence))
        if name == "file" and not sound:
            return tuple(found)
    with session.engine.reading():
        count, first = clients.misfits(session.engine)
    if count:
        sentence = _(_UNFIT).format(count=count, company_id=display_text(first))
        found.append(Finding("keys", False, sentence))
    else:
        found.append(Finding("keys", True, _("Every client is found and sorted by what it says.")))
    broken = history.first_broken(session.engine)
    if broken is None:
        found.append(Finding("history", True, _("The history's chain holds.")))
    else:
        sentence = _("The history was tampered with from change set {number} on.").format(number=broken)
        found.append(Finding("history", False, sentence))
    return tuple(found)


def sound(location: str) -> bool:
    """Whether the firm's file passes a quick look; on a connection of its own, so from any thread."""
    return engines.sound(location)
