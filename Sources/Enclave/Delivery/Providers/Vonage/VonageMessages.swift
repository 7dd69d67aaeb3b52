import Configuration
import EnclaveLink
import Messages

/// SMS through Vonage's SMS API (https://developer.vonage.com/en/api/sms).
struct VonageMessages: MessageProvider, Equatable {
    static let typeName = "vonage"
    private static let usualURL = "https://rest.nexmo.com"

    let address: HTTPSAddress
    private let key: String
    private let secret: SecretText
    private let from: String
    private let reportsAddress: HTTPSAddress?
    /// Nil where no reports are wanted.
    private let reports: VonageReports?

    var channel: Channel { .sms }

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        address = try settings.address(of: "/sms/json", usually: Self.usualURL)
        key = try settings.requiredIdentifier("api_key")
        secret = try settings.requiredSecret("api_secret")
        guard let from = try settings.sender("from") else { throw settings.section.error("from", "is missing") }
        self.from = from
        reportsAddress = try settings.reportsAddress()
        let method = try settings.section.choice("signature_method", of: VonageReports.Method.self) ?? .sha256
        reports = try settings.secret("signature_secret").map { VonageReports(secret: $0, method: method) }
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        var fields: [FormText.Field] = [
            ("api_key", key), ("api_secret", secret.reveal()),
            ("from", from.hasPrefix("+") ? String(from.dropFirst()) : from),
            ("to", message.digits), ("text", message.text), ("type", Self.type(of: message.text)),
            // In milliseconds: a code that is of no use any more need not arrive.
            ("ttl", String(60_000 * message.validMinutes)),
        ]
        if let reportsAddress { fields.append(("callback", reportsAddress.text)) }
        return HTTPSRequest(
            path: address.path,
            headers: ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json"],
            body: FormText.encoded(fields))
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict { VonageAnswer(answer).verdict }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        reports?.reading(of: call) ?? .refused
    }

    /// Vonage shows question marks for characters that its type `text` does not have.
    private static func type(of text: String) -> String {
        SegmentCount(of: text).encoding == .gsm7 ? "text" : "unicode"
    }
}
