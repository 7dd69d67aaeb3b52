import Configuration
import Crypto
import EnclaveLink
import Encodings

@testable import Enclave

/// What providers answer and report, the body as it comes. Its signature is made here, since it is what keeps strangers out;
/// what a provider signed may be anything still.
///
/// Promise: what is reported can be stored, at most as much as one request may hold.
enum ReportEntry {
    private static let secret = "secret"
    private static let now = EnclaveInstant(
        unixMilliseconds: KnownKey.now * 1000, steadyMilliseconds: KnownKey.now * 1000)

    static func run(_ bytes: [UInt8]) throws {
        try answers(bytes)
        for reading in readings(bytes) {
            guard case .reports(let reports) = reading else { continue }
            try promise(reports.count <= DeliveryReportsReading.limit, "\(reports.count) reports")
            for report in reports {
                try promise(DeliveryReport.isMessage(report.message), "a message's name: \(report.message)")
                try promise(report.reason.utf8.count <= 32, "a reason: \(report.reason)")
            }
        }
    }

    private static func readings(_ bytes: [UInt8]) -> [DeliveryReportsReading] {
        var readings: [DeliveryReportsReading] = []
        let whatsApp = WhatsAppReports(appSecret: SecretText(secret), verifyToken: SecretText(secret))
        readings.append(whatsApp.reading(of: call(bytes, ["X-Hub-Signature-256": "sha256=" + code(bytes)])))
        readings.append(whatsApp.reading(of: call([], [:], query: String(decoding: bytes, as: UTF8.self))))
        if let key = WebhookKey("whsec_" + PlainBase64.encode(Array(repeating: 1, count: 32))) {
            readings.append(WebhookReports(key: key).reading(of: signed(bytes, key), now: now))
        }
        guard let fields = FormText.decoded(bytes) else { return readings }
        let signature = code(Array(VonageReports.signedText(of: fields).utf8))
        let vonage = VonageReports(secret: SecretText(secret), method: .sha256)
        readings.append(vonage.reading(of: call(bytes + Array("&sig=\(signature)".utf8), [:])))
        readings.append(
            TwilioReport.reading(
                of: fields, message: "MessageSid", state: "MessageStatus",
                states: ["delivered": .delivered, "failed": .failed]))
        return readings
    }

    private static func answers(_ bytes: [UInt8]) throws {
        for status in [200, 400, 500] {
            let answer = HTTPSAnswer(status: status, contentType: "application/json", body: bytes)
            let verdicts = [
                WhatsAppAnswer(answer).verdict, TwilioAnswer(answer).verdict, VonageAnswer(answer).verdict,
                AmazonAnswer(answer).verdict,
            ]
            if status == 500 {
                let isAccepted = verdicts.contains { if case .accepted = $0 { true } else { false } }
                try promise(!isAccepted, "a server that failed took the message")
            }
            if let captcha = SiteVerifyAnswer(answer) { _ = captcha.outcome(hostnames: ["example.com"]) }
        }
    }

    private static func code(_ bytes: [UInt8]) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return Hexadecimal.encode(Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key)))
    }

    private static func signed(_ bytes: [UInt8], _ key: WebhookKey) -> ReadDeliveryReports {
        let content = Array("m.\(KnownKey.now).".utf8) + bytes
        let code = PlainBase64.encode(Array(HMAC<SHA256>.authenticationCode(for: content, using: key.symmetricKey)))
        return call(
            bytes, ["webhook-id": "m", "webhook-timestamp": "\(KnownKey.now)", "webhook-signature": "v1,\(code)"])
    }

    private static func call(
        _ body: [UInt8], _ headers: [String: String], query: String? = nil
    ) -> ReadDeliveryReports {
        ReadDeliveryReports(
            provider: "p", method: query == nil ? "POST" : "GET", url: "https://id.example.com/p?\(query ?? "")",
            headers: headers.map { ReportHeader(name: $0, value: $1) }, body: body)
    }
}
