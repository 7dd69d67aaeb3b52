import Configuration
import EnclaveLink

/// SMS through Amazon SNS (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). SNS makes no requests about what
/// became of a message: its delivery status is in CloudWatch.
struct AmazonMessages: MessageProvider, Equatable {
    static let typeName = "amazon-sns"

    let address: HTTPSAddress
    private let signer: AmazonSignature
    /// Shown as the sender where a country allows names.
    private let senderName: String?
    /// The number that sends.
    private let from: String?

    var channel: Channel { .sms }

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        let region = try settings.requiredIdentifier("region")
        address = try settings.address(of: "/", usually: "https://sns.\(region).amazonaws.com")
        signer = AmazonSignature(
            accessKey: try settings.requiredIdentifier("access_key_id"),
            secretKey: try settings.requiredSecret("secret_access_key"), region: region, service: "sns")
        senderName = try settings.sender("sender_name")
        from = try settings.sender("from")
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        let attributes = [
            ("AWS.SNS.SMS.SMSType", "Transactional"), ("AWS.SNS.SMS.SenderID", senderName),
            ("AWS.MM.SMS.OriginationNumber", from),
        ].compactMap { name, value in value.map { (name, $0) } }
        var fields: [FormText.Field] = [
            ("Action", "Publish"), ("Version", "2010-03-31"), ("PhoneNumber", message.recipient),
            ("Message", message.text),
        ]
        for (index, attribute) in attributes.enumerated() {
            let entry = "MessageAttributes.entry.\(index + 1)"
            fields += [
                ("\(entry).Name", attribute.0), ("\(entry).Value.DataType", "String"),
                ("\(entry).Value.StringValue", attribute.1),
            ]
        }
        return signer.signed(FormText.encoded(fields), to: address, now: now)
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict { AmazonAnswer(answer).verdict }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading { .refused }
}
