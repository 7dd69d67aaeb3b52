import Configuration
import Crypto
import EnclaveLink

/// An account of Twilio's REST API (version 2010-04-01): what its messages and its calls have in common.
struct TwilioAccount: Equatable, Sendable {
    private static let usualURL = "https://api.twilio.com"

    /// Where a message, or a call, is made.
    let address: HTTPSAddress
    /// What Twilio is told to report to; nil for no reports.
    let reportsAddress: HTTPSAddress?
    private let identifier: String
    private let token: SecretText

    /// Reads `url`, `account_sid`, `auth_token` and `reports_url`.
    ///
    /// - Parameter resource: such as `Messages.json`.
    init(_ settings: ProviderSection, resource: String) throws(ConfigurationError) {
        identifier = try settings.requiredIdentifier("account_sid")
        token = try settings.requiredSecret("auth_token")
        address = try settings.address(
            of: "/2010-04-01/Accounts/\(identifier)/\(resource)", usually: Self.usualURL)
        reportsAddress = try settings.reportsAddress()
    }

    func request(_ fields: [FormText.Field]) -> HTTPSRequest {
        let credentials = PlainBase64.encode(Array("\(identifier):\(token.reveal())".utf8))
        let callback = reportsAddress.map { [FormText.Field("StatusCallback", $0.text)] } ?? []
        return HTTPSRequest(
            path: address.path,
            headers: [
                "Authorization: Basic \(credentials)", "Content-Type: application/x-www-form-urlencoded",
                "Accept: application/json",
            ], body: FormText.encoded(fields + callback))
    }

    /// The fields of a report, if Twilio signed it.
    func signedFields(of call: ReadDeliveryReports) -> [FormText.Field]? {
        guard call.method == "POST", call.hasBody(of: "application/x-www-form-urlencoded"), let reportsAddress,
            let fields = FormText.decoded(call.body), let signature = call.header("X-Twilio-Signature"),
            TwilioSignature(of: fields, to: reportsAddress.text).isProven(by: signature, token: token)
        else { return nil }
        return fields
    }
}
