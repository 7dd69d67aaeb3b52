import EnclaveLink
import JOSE

/// An answer of Twilio's REST API: the new message or call, or an error (https://www.twilio.com/docs/api/errors).
struct TwilioAnswer {
    private let answer: HTTPSAnswer

    init(_ answer: HTTPSAnswer) { self.answer = answer }

    var verdict: ProviderVerdict {
        guard let content = try? JSONValue(parsing: answer.body) else { return ProviderVerdict(unexplained: answer) }
        if let code = Self.number(content["code"]) ?? Self.number(content["error_code"]) {
            return verdict(on: code)
        }
        guard 200...201 ~= answer.status, let identifier = content["sid"]?.text, let state = content["status"]?.text
        else { return ProviderVerdict(unexplained: answer) }
        return Self.failedStates.contains(state)
            ? .refused(.messageRefused, status: answer.status) : .accepted(identifier)
    }

    private static let failedStates: Set = ["failed", "undelivered", "canceled", "busy", "no-answer"]

    private static func number(_ value: JSONValue?) -> Int? {
        guard case .integer(let number) = value else { return nil }
        return Int(exactly: number)
    }

    private func verdict(on code: Int) -> ProviderVerdict {
        switch code {
        // Not a number, none that can get messages or calls, or one whose owner wants none.
        case 13223, 13224, 21211, 21217, 21610, 21614, 21635: .refused(.recipientRefused, status: code)
        case 20003, 20005, 20006, 20008: .refused(.authenticationRefused, status: code)
        // Too many requests, calls or messages in the queue.
        case 14107, 20429, 21611, 30022: .refused(.rateLimited, status: code)
        case 20503: .refused(.providerFailed, status: code)
        // An internal error, which may have come after the message was taken.
        case 20500: .unclear(.providerFailed, status: code)
        default: ProviderVerdict(unlisted: code, in: answer)
        }
    }
}
