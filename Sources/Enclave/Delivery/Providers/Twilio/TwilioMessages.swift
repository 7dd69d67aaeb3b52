import Configuration
import EnclaveLink

/// SMS through Twilio's Programmable Messaging (https://www.twilio.com/docs/messaging/api/message-resource).
struct TwilioMessages: MessageProvider, Equatable {
    static let typeName = "twilio-sms"

    private let account: TwilioAccount
    /// `From` or `MessagingServiceSid`.
    private let sender: (field: String, value: String)

    var channel: Channel { .sms }
    var address: HTTPSAddress { account.address }

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        account = try TwilioAccount(settings, resource: "Messages.json")
        switch (try settings.sender("from"), try settings.section.string("messaging_service")) {
        case (let from?, nil): sender = ("From", from)
        case (nil, .some): sender = ("MessagingServiceSid", try settings.requiredIdentifier("messaging_service"))
        case (.some, .some): throw settings.section.error("messaging_service", "cannot be set together with from")
        case (nil, nil): throw settings.section.error("from", "is missing; set it, or messaging_service")
        }
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        account.request([
            ("To", message.recipient), (sender.field, sender.value), ("Body", message.text),
            // In seconds: a code that is of no use any more need not arrive.
            ("ValidityPeriod", String(60 * message.validMinutes)),
        ])
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict { TwilioAnswer(answer).verdict }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        guard let fields = account.signedFields(of: call) else { return .refused }
        return TwilioReport.reading(
            of: fields, message: "MessageSid", state: "MessageStatus",
            states: [
                "sent": .sent, "delivered": .delivered, "read": .delivered, "undelivered": .failed, "failed": .failed,
                "canceled": .failed,
            ])
    }

    static func == (one: Self, other: Self) -> Bool { one.account == other.account && one.sender == other.sender }
}
