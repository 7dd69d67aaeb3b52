import Configuration
import EnclaveLink
import JOSE

/// A server of one's own that brings messages: it gets each as JSON, signed as Standard Webhooks 1.0 has it. For
/// gateways that have no type of their own here.
struct WebhookMessages: MessageProvider, Equatable {
    static let typeName = "webhook"
    private static let channels: [Channel] = [.sms, .voice, .whatsapp]

    let channel: Channel
    let address: HTTPSAddress
    private let key: WebhookKey

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        let name = try settings.section.requiredChoice("channel", of: Self.channels.map(\.rawValue))
        guard let channel = Channel(rawValue: name) else { throw settings.section.error("channel", "is unknown") }
        self.channel = channel
        guard let address = HTTPSAddress(try settings.section.requiredString("url")) else {
            throw settings.section.error("url", "must be an address such as https://sms.example.com/messages")
        }
        self.address = address
        guard let key = WebhookKey(try settings.requiredSecret("secret").reveal()) else {
            throw settings.section.error("secret", "must be whsec_ and 24 to 64 bytes in base64")
        }
        self.key = key
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        let content: JSONValue = [
            "type": "passcode.message",
            "data": [
                "channel": .string(channel.rawValue), "to": .string(message.recipient), "text": .string(message.text),
                "code": .string(message.code.value), "language": .string(message.language.rawValue),
                "valid_minutes": .integer(Int64(message.validMinutes)),
            ],
        ]
        return SignedWebhook(
            message: Self.name(of: message, now: now), timestamp: now.seconds, body: content.jsonText, to: address,
            keys: [key.symmetricKey]
        ).request
    }

    /// A code that is sent again is a message of its own: who drops what came before must not drop that. Without what
    /// would let a signature be read in two ways; the host chose the challenge's identifier.
    private static func name(of message: ProvidedMessage, now: WallTime) -> String {
        let plain = message.challenge.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return "\(String(plain))_\(now.nanoseconds)"
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict {
        let content = try? JSONValue(parsing: answer.body)
        if let error = content?["error"] {
            return .refused(error["code"]?.text.flatMap { Self.reasons[$0] } ?? .messageRefused, status: answer.status)
        }
        switch answer.status {
        case 200...299 where content != nil || answer.body.isEmpty: return .accepted(content?["id"]?.text ?? "")
        // Such a server is one's own, and where it sends a browser after it took what was posted, a redirect follows.
        case 300...399: return .unclear(.answerMalformed, status: answer.status)
        case 422: return .refused(.recipientRefused, status: answer.status)
        default: return ProviderVerdict(unexplained: answer)
        }
    }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        WebhookReports(key: key).reading(of: call, now: now)
    }

    /// What a server may say of an error.
    private static let reasons: [String: DeliveryFailure.Reason] = [
        "recipient_refused": .recipientRefused, "message_refused": .messageRefused, "rate_limited": .rateLimited,
        "authentication_refused": .authenticationRefused, "failed": .providerFailed,
    ]
}
