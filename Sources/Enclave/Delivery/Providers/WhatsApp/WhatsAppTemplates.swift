import Configuration
import Crypto
import EnclaveLink
import JOSE

/// WhatsApp through Meta's Cloud API: an authentication template with a button that copies the code
/// (https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates). The words are those
/// that Meta approved; the message brings the code and the language.
struct WhatsAppTemplates: MessageProvider, Equatable {
    static let typeName = "whatsapp"
    private static let usualURL = "https://graph.facebook.com/v23.0"
    /// Languages of a template, at most.
    private static let languageLimit = 64

    let address: HTTPSAddress
    private let token: SecretText
    private let template: String
    /// The languages in which Meta approved the template, by its own names; the first is for everybody else.
    private let languages: [String]
    private let reports: WhatsAppReports

    var channel: Channel { .whatsapp }
    var showsText: Bool { false }

    init(_ settings: ProviderSection) throws(ConfigurationError) {
        let number = try settings.requiredIdentifier("phone_number_id")
        address = try settings.address(of: "/\(number)/messages", usually: Self.usualURL)
        token = try settings.requiredSecret("access_token")
        template = try settings.requiredIdentifier("template")
        languages = try settings.section.strings("languages") ?? ["en_US"]
        guard 1...Self.languageLimit ~= languages.count, languages.allSatisfy(Self.isLanguage) else {
            throw settings.section.error("languages", "must be Meta's names of languages, such as en_US or de")
        }
        reports = WhatsAppReports(
            appSecret: try settings.secret("app_secret"), verifyToken: try settings.secret("verify_token"))
    }

    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest {
        let code: JSONValue = ["type": "text", "text": .string(message.code.value)]
        let content: JSONValue = [
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": .string(message.digits),
            "type": "template",
            "template": [
                "name": .string(template), "language": ["code": .string(language(for: message))],
                "components": [
                    ["type": "body", "parameters": [code]],
                    ["type": "button", "sub_type": "url", "index": "0", "parameters": [code]],
                ],
            ],
        ]
        return HTTPSRequest(
            path: address.path,
            headers: [
                "Authorization: Bearer \(token.reveal())", "Content-Type: application/json", "Accept: application/json",
            ],
            body: content.jsonText)
    }

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict { WhatsAppAnswer(answer).verdict }

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        reports.reading(of: call)
    }

    /// Meta's names have a region after the language, or not.
    private func language(for message: ProvidedMessage) -> String {
        let wanted = message.language.rawValue
        return languages.first { $0.lowercased() == wanted }
            ?? languages.first { $0.lowercased().hasPrefix("\(wanted)_") } ?? languages[0]
    }

    private static func isLanguage(_ text: String) -> Bool {
        2...12 ~= text.utf8.count && text.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
    }
}
