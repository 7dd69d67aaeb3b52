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
            return verdict(on: code)
        }
        guard answer.status == 200, let message = content["messages"]?.elements?.first,
            let identifier = message["id"]?.text
        else { return ProviderVerdict(unexplained: answer) }
        // Meta stopped the template: the message waits for somebody who mends it.
        let isPaused = message["message_status"]?.text == "paused"
        return isPaused ? .refused(.messageRefused, status: answer.status) : .accepted(identifier)
    }

    private func verdict(on code: Int) -> ProviderVerdict {
        switch code {
        // The last one is the limit of messages to one recipient.
        case 131026, 131021, 131056: .refused(.recipientRefused, status: code)
        case 0, 3, 10, 190, 200...299, 368, 131005, 131031: .refused(.authenticationRefused, status: code)
        case 4, 80007, 130429, 131048, 133016: .refused(.rateLimited, status: code)
        case 2, 131016, 131057, 133004: .refused(.providerFailed, status: code)
        // Unknown errors, which may have come after the message was taken.
        case 1, 131000: .unclear(.providerFailed, status: code)
        default: ProviderVerdict(unlisted: code, in: answer)
        }
    }
}
