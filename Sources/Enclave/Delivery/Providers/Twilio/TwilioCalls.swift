import Configuration
import EnclaveLink

/// Calls through Twilio's Programmable Voice (https://www.twilio.com/docs/voice/api/call-resource). What is said comes
/// with the request, so that nothing of it waits at an address.
struct TwilioCalls: MessageProvider, Equatable {
    static let typeName = "twilio-voice"

    private let account: TwilioAccount
    private let from: String

    var channel: Channel { .voice }
    var address: HTTPSAddress { account.address }

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        account = try TwilioAccount(settings, resource: "Calls.json")
        guard let from = try settings.sender("from"), from.hasPrefix("+") else {
            throw settings.section.error("from", "must be set to a number such as +4915112345678")
        }
        self.from = from
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        account.request([("To", message.recipient), ("From", from), ("Twiml", TwiML(message.voice).text)])
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict { TwilioAnswer(answer).verdict }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        guard let fields = account.signedFields(of: call) else { return .refused }
        return TwilioReport.reading(
            of: fields, message: "CallSid", state: "CallStatus",
            states: [
                "in-progress": .sent, "completed": .delivered, "busy": .failed, "no-answer": .failed,
                "failed": .failed, "canceled": .failed,
            ])
    }
}
