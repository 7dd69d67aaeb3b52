import EnclaveLink

/// What an attempt came to.
public enum WebhookAttemptResult: Equatable, Sendable {
    case answered(status: Int)
    case failed(WebhookFailure)
    /// The enclave went away meanwhile; the receiver may have had the message.
    case enclaveGone
    /// The enclave does not sign it: the secret does not open, or the address is none any more.
    case notSigned

    /// True for the statuses that say the message was taken.
    public var isSuccess: Bool {
        if case .answered(200...299) = self { return true }
        return false
    }

    /// True if the receiver wants no more messages, for good (410 Gone).
    var isGone: Bool { self == .answered(status: 410) }

    /// False if nothing was sent and the receiver has no part in that: then it was no attempt.
    var counts: Bool {
        switch self {
        case .failed(.busy), .failed(.notConfigured): false
        case .answered, .failed, .enclaveGone, .notSigned: true
        }
    }

    /// What the enclave's own errors are for a delivery.
    init(_ error: EnclaveError) {
        switch error.code {
        case .overloaded: self = .failed(.busy)
        case .unavailable: self = .enclaveGone
        case .sealRefused, .keyRefused, .requestRefused, .challengeNotAlive, .rewrapped, .wrappedByUnnamed:
            self = .notSigned
        }
    }

    init(_ outcome: WebhookOutcome) {
        switch outcome {
        case .answered(let status): self = .answered(status: status)
        case .failed(let failure): self = .failed(failure)
        }
    }

    /// As it is stored and shown: `answered` or why there is no answer.
    public var name: String {
        switch self {
        case .answered: "answered"
        case .failed(let failure): failure.rawValue
        case .enclaveGone: "enclaveGone"
        case .notSigned: "notSigned"
        }
    }

    /// The receiver's status, 0 where there is none.
    public var status: Int {
        if case .answered(let status) = self { return status }
        return 0
    }

    /// Reads what was stored.
    init?(name: String, status: Int) {
        switch name {
        case "answered": self = .answered(status: status)
        case "enclaveGone": self = .enclaveGone
        case "notSigned": self = .notSigned
        default:
            guard let failure = WebhookFailure(rawValue: name) else { return nil }
            self = .failed(failure)
        }
    }
}
