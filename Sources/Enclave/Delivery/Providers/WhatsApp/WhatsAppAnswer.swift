import EnclaveLink
import JOSE

/// An answer of Meta's Cloud API: the message's name, or an error under whatever status
/// (https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes).
struct WhatsAppAnswer {
    private let answer: HTTPSAnswer

    init(_ answer: HTTPSAnswer) { self.answer = answer }

    var verdict: ProviderVerdict {
        guard let content = try? JSONValue(parsing: answer.body) else { return ProviderVerdict(unexplained: answer) }
        if let error = content["error"] {
            guard case .integer(let number) = error["code"], let code = Int(exactly: number) else {
                return ProviderVerdict(unexplained: answer)
            }
            return .refused(Self.reason(of: code), status: code)
        }
        guard answer.status == 200, let message = content["messages"]?.elements?.first,
            let identifier = message["id"]?.text
        else { return ProviderVerdict(unexplained: answer) }
        // Meta stopped the template: the message waits for somebody who mends it.
        let isPaused = message["message_status"]?.text == "paused"
        return isPaused ? .refused(.messageRefused, status: answer.status) : .accepted(identifier)
    }

    private static func reason(of code: Int) -> DeliveryFailure.Reason {
        switch code {
        // The last one is the limit of messages to one recipient.
        case 131026, 131021, 131056: .recipientRefused
        case 0, 3, 10, 190, 200...299, 368, 131005, 131031: .authenticationRefused
        case 4, 80007, 130429, 131048, 133016: .rateLimited
        case 1, 2, 131000, 131016, 131057, 133004: .providerFailed
        default: .messageRefused
        }
    }
}
