import Foundation

/// Why something could not be done, and what to do about it. Two errors are equal when their codes are. None carries a
/// key, a token, a code or a contact.
public struct CountersignError: Error, Equatable, Sendable {
    public enum Code: Hashable, Sendable {
        // The client itself: nothing was sent.

        /// The server's address is no URL, or has a user, a query or a fragment.
        case invalidAddress
        /// Plain HTTP to another machine.
        case insecureAddress
        /// A text is no P-256 key.
        case invalidKey
        /// The configuration lacks what this call needs.
        case notConfigured
        /// The client's key could not sign.
        case keyUnavailable
        /// A key or token of another challenge or session was handed in.
        case wrongKey

        // The way to the server.

        case unreachable
        case timedOut
        case cancelled
        /// The answer is none that this client knows: another server, or another version.
        case answerUnreadable

        // The server.

        /// The server said no; ``ServerCode`` says why.
        case refused(ServerCode)

        // Permissions: the server answered, and the answer is no.

        /// A policy or a person said no; the message has the reason.
        case permissionDenied
        /// It expired or was revoked before it could be used.
        case permissionEnded
        /// Nobody decided in time.
        case approvalTimedOut
        /// The token does not count, or what is about to be done is outside its scope.
        case tokenRefused
        /// The token was handed out before, to another call with the same agent's key.
        case tokenHandedOut

        // What the server sent is not to be trusted: the host may have been taken over.

        /// Signed by another key than the pinned one, and the pinned one did not endorse it.
        case untrustedSigner
        /// A target key whose signature does not hold, or one of another challenge or workspace.
        case untrustedTarget
        /// A token whose signature or claims do not hold.
        case untrustedToken

        /// A challenge or token whose time is over.
        case expired
    }

    public let code: Code
    /// One or two sentences, for developers.
    public let message: String
    /// The answer's HTTP status; nil where the server did not answer.
    public internal(set) var status: Int?
    /// Wrong codes that are still free; nil where the error is no wrong code.
    public internal(set) var attemptsRemaining: Int?
    /// How long to wait before the next try; nil where waiting does not help.
    public internal(set) var retryAfter: Duration?
    /// Names the request in the server's log.
    public internal(set) var requestIdentifier: String?
    /// True where no answer came and the server may have acted all the same: the attempt may be counted, the message may
    /// be on its way.
    public internal(set) var mayHaveHappened = false
    /// Where it was raised, for the log.
    public let place: String

    init(_ code: Code, _ message: String, file: String = #fileID, line: Int = #line) {
        self.code = code
        self.message = message
        place = "\(file):\(line)"
    }

    /// Compares the codes only.
    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }

    /// The server's code, if the server said no.
    public var serverCode: ServerCode? {
        guard case .refused(let code) = code else { return nil }
        return code
    }
}

extension CountersignError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { message }

    public var description: String {
        var text = "\(name): \(message)"
        if let attemptsRemaining { text += " Attempts left: \(attemptsRemaining)." }
        if let retryAfter { text += " Try again after \(retryAfter.components.seconds) s." }
        if mayHaveHappened { text += " The server may have acted on the request." }
        if let requestIdentifier { text += " Request \(requestIdentifier)." }
        return text
    }

    private var name: String { serverCode?.rawValue ?? "\(code)" }
}
