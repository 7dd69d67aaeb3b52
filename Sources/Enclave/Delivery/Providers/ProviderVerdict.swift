import EnclaveLink

/// What a provider's answer says about a message.
enum ProviderVerdict: Equatable, Sendable {
    /// It took the message. The text is its own name for it, which its delivery reports use.
    case accepted(String)
    /// It did not take the message. `status` is the provider's own number for why, else the answer's HTTP status.
    case refused(DeliveryFailure.Reason, status: Int)
    /// It may have taken the message, or not.
    case unclear(DeliveryFailure.Reason, status: Int)

    /// The verdict on an answer that says nothing which the API's documentation explains. Only its status counts, and
    /// one of success is no success here: whoever takes a message says so in the API's own words.
    init(unexplained answer: HTTPSAnswer) {
        let status = answer.status
        switch status {
        case 401, 403: self = .refused(.authenticationRefused, status: status)
        case 429: self = .refused(.rateLimited, status: status)
        case 503: self = .refused(.providerFailed, status: status)
        case 500...599: self = .unclear(.providerFailed, status: status)
        case 400...499: self = .refused(.messageRefused, status: status)
        case 300...399: self = .refused(.answerMalformed, status: status)
        default: self = .unclear(.answerMalformed, status: status)
        }
    }

    /// The verdict on an error that the API's documentation does not list: the answer's status says whose fault it is. A
    /// provider that broke down may have done so after it took the message.
    ///
    /// - Parameter code: the provider's own number for the error.
    init(unlisted code: Int, in answer: HTTPSAnswer) {
        switch ProviderVerdict(unexplained: answer) {
        case .refused(let reason, _) where reason != .answerMalformed: self = .refused(reason, status: code)
        case .unclear(.providerFailed, _): self = .unclear(.providerFailed, status: code)
        case .accepted, .refused, .unclear: self = .refused(.messageRefused, status: code)
        }
    }

    /// What the host is told, and nothing that the provider repeats of the message.
    ///
    /// - Parameters:
    ///   - provider: its name in the settings.
    ///   - secrets: code and number.
    func outcome(of provider: String, hiding secrets: [String]) -> DeliveryOutcome {
        func isTold(_ text: String) -> Bool { !secrets.contains { text.contains($0) } }
        switch self {
        case .accepted(let message):
            let isName = message.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && isTold(message)
            return .accepted(
                provider: provider,
                message: isName && message.utf8.count <= DeliveryOutcome.messageLength ? message : "")
        case .refused(let reason, let status):
            return .failed(
                DeliveryFailure(
                    provider: provider, reason: reason, providerStatus: isTold("\(status)") ? status : 0,
                    mayHaveArrived: false))
        case .unclear(let reason, let status):
            return .failed(
                DeliveryFailure(
                    provider: provider, reason: reason, providerStatus: isTold("\(status)") ? status : 0,
                    mayHaveArrived: true))
        }
    }
}
