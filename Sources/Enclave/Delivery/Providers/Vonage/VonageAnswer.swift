import EnclaveLink
import JOSE

/// An answer of Vonage's SMS API. Its HTTP status is 200 for nearly everything; each part of the message has a status of
/// its own, and only `0` is success (https://developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms).
struct VonageAnswer {
    private let answer: HTTPSAnswer

    init(_ answer: HTTPSAnswer) { self.answer = answer }

    var verdict: ProviderVerdict {
        guard answer.status == 200, let content = try? JSONValue(parsing: answer.body),
            let parts = content["messages"]?.elements, let first = parts.first
        else { return ProviderVerdict(unexplained: answer) }
        let codes = parts.map { $0["status"]?.text.flatMap { Int($0) } }
        guard let failed = codes.first(where: { $0 != 0 }) else {
            return first["message-id"]?.text.map { .accepted($0) } ?? ProviderVerdict(unexplained: answer)
        }
        guard let code = failed else { return ProviderVerdict(unexplained: answer) }
        // Some parts went out: the person may have got the one with the code.
        if codes.contains(0) { return .unclear(.messageRefused, status: code) }
        // An internal error, which may have come after the message was taken.
        if code == 5 { return .unclear(.providerFailed, status: code) }
        return .refused(Self.reason(of: code), status: code)
    }

    private static func reason(of code: Int) -> DeliveryFailure.Reason {
        switch code {
        // A number that is unknown, barred, or no longer in use.
        case 6, 7, 33: .recipientRefused
        case 4, 8, 11, 14, 32: .authenticationRefused
        case 1, 10: .rateLimited
        default: .messageRefused
        }
    }
}
