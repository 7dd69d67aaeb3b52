import AuditLog
import EnclaveLink
import Workspaces

/// A send whose challenge was made and that waits for the store's word: the same for plain and for sealed passcodes.
struct PlannedSend: Sendable {
    var caller: PasscodeCaller
    var contact: Contact
    var application: ApplicationName
    var customization: MessageCustomization?
    var idempotency: Idempotency?
    /// What the limits count it under.
    var subject: SendSubject
    /// The challenge as the enclave made it.
    var challenge: Challenge
    var route: Route
    /// The enclave that made it.
    var enclave: Greeting
    /// Only in test mode.
    var testCode: TestCode?
    /// False where the caller is answered whatever becomes of the delivery.
    var waitsForDelivery: Bool
    /// What the messages say.
    var texts: MessageTexts
    /// What the fraud guard is to know; nil where it has nothing to watch.
    var watched: WatchedSend?

    /// Whom the audit's entries are about.
    var person: AuditSubject { AuditSubject(digest: challenge.contact, contact: contact.address.value) }
}

/// What the store decided about a send.
struct Admission: Sendable {
    var challenge: Challenge
    /// The challenge before this send; nil where it was made for it.
    var predecessor: Challenge?
    var isFresh = false
    var isReplay = false
    /// When the limits were taken.
    var takenAt: Int64
    /// The first message, as it stands in the database; nil where none is to go out.
    var delivery: Delivery?

    /// Who is asked to bring the message, in order: a code that lives on goes out over the channels that it was made for.
    func route(of send: PlannedSend) -> [Route.Step] {
        (send.route.narrowed(to: challenge.route, enclave: send.enclave) ?? send.route).steps
    }

    /// True where a message has to go out.
    var isForDelivery: Bool { challenge.mode == .live && !isReplay && !challenge.isDecoy }
}
