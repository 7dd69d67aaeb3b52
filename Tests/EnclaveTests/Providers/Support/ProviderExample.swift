import Configuration
import EnclaveLink
import Messages
import Testing

@testable import Enclave

/// Providers as `enclave.yaml` names them, with the credentials that `provider_server.py` expects.
enum ProviderExample: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case twilioSMS = "twilio-sms"
    case twilioVoice = "twilio-voice"
    case whatsApp = "whatsapp"
    case vonage
    case amazonSNS = "amazon-sns"
    case webhook

    static let reports = "https://otp.example.com/v1/delivery-reports/any"
    static let webhookSecret = "whsec_d2ViaG9vay1zZWNyZXQtb2YtdGhlLXRlc3RzLTAxMjM="

    /// All credentials that stand in the settings below.
    static let secrets = [
        "twilio-token-of-the-tests", "whatsapp-token-of-the-tests", "app-secret", "verify-token",
        "vonage-secret-of-the-tests", "signature-secret", "amazon-secret-of-the-tests", webhookSecret,
        "webhook-secret-of-the-tests-0123",
    ]

    var testDescription: String { rawValue }

    var channel: Channel {
        switch self {
        case .twilioVoice: .voice
        case .whatsApp: .whatsapp
        case .twilioSMS, .vonage, .amazonSNS, .webhook: .sms
        }
    }

    /// - Parameter base: where the provider is, without a path.
    func settings(at base: String) -> String {
        switch self {
        case .twilioSMS, .twilioVoice:
            """
            url: \(base), account_sid: AC0123456789abcdef0123456789abcdef, auth_token: twilio-token-of-the-tests, \
            from: "+15005550006", reports_url: \(Self.reports)
            """
        case .whatsApp:
            """
            url: \(base)/v23.0, phone_number_id: "106540352242922", access_token: whatsapp-token-of-the-tests, \
            template: otp_code, languages: [en_US, de, pt_BR], app_secret: app-secret, verify_token: verify-token
            """
        case .vonage:
            """
            url: \(base), api_key: abcd1234, api_secret: vonage-secret-of-the-tests, from: Example, \
            reports_url: \(Self.reports), signature_secret: signature-secret
            """
        case .amazonSNS:
            """
            url: \(base), region: eu-central-1, access_key_id: AKIDEXAMPLE, \
            secret_access_key: amazon-secret-of-the-tests, sender_name: Example
            """
        case .webhook: "url: \(base)/gateway, channel: sms, secret: \(Self.webhookSecret)"
        }
    }

    /// The entry as `enclave.yaml` has it.
    func entry(at base: String, more: String = "") -> String {
        "providers:\n  - {type: \(rawValue), \(settings(at: base))\(more)}\n"
    }

    func provider(at base: String = "https://provider.example") throws -> any MessageProvider {
        let settings = try SettingsFolder().settings(entry(at: base)).delivery
        return try #require(settings.services.first).provider
    }
}

extension ProvidedMessage {
    static func example(
        text: String = "402917 is your Shop code.", code: String = "402917", language: Language = .english,
        voice: [VoiceMessage.Part] = []
    ) -> ProvidedMessage {
        ProvidedMessage(
            recipient: "+4915112345678", text: text, voice: VoiceMessage(language: language, parts: voice),
            code: DeliverableCode(code), language: language, validMinutes: 10, challenge: "oe_a1b2c3d4e5f6")
    }
}

extension MessageProvider {
    /// What it asks, at Sat, 21 Nov 2026 07:57:28 UTC.
    func request(for message: ProvidedMessage) -> HTTPSRequest {
        request(for: message, now: WallTime(nanoseconds: 1_795_247_848_000_000_000))
    }

    func reading(
        _ method: String = "POST", url: String = ProviderExample.reports, headers: [(String, String)] = [],
        body: String = ""
    ) -> DeliveryReportsReading {
        let call = ReadDeliveryReports(
            provider: "any", method: method, url: url,
            headers: headers.map { ReportHeader(name: $0.0, value: $0.1) }, body: Array(body.utf8))
        return reading(
            of: call, now: EnclaveInstant(unixMilliseconds: 1_795_247_848_000, steadyMilliseconds: 0))
    }
}

extension HTTPSRequest {
    var form: [String: String] {
        Dictionary((FormText.decoded(body) ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}
