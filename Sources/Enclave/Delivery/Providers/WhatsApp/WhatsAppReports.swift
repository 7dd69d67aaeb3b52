import Configuration
import Crypto
import Encodings
import EnclaveLink
import JOSE

/// Meta's webhooks: signed with the app's secret, and confirmed once with a token that was agreed on before
/// (https://developers.facebook.com/docs/graph-api/webhooks/getting-started).
struct WhatsAppReports: Equatable, Sendable {
    /// Nil where no reports are wanted.
    let appSecret: SecretText?
    let verifyToken: SecretText?

    func reading(of call: ReadDeliveryReports) -> DeliveryReportsReading {
        switch call.method {
        case "GET": confirmation(of: call)
        case "POST": isSigned(call) ? reports(call.body) : .refused
        default: .refused
        }
    }

    private func confirmation(of call: ReadDeliveryReports) -> DeliveryReportsReading {
        guard let fields = call.query, let verifyToken else { return .refused }
        func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        guard value("hub.mode") == "subscribe", let token = value("hub.verify_token"),
            Self.areSame(token, verifyToken.reveal())
        else { return .refused }
        // It is shown to whoever asked: only what cannot be taken for anything else.
        guard let challenge = value("hub.challenge"), 1...128 ~= challenge.utf8.count,
            challenge.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else { return .malformed }
        return .confirmation(challenge)
    }

    /// In a time that does not depend on where they differ.
    private static func areSame(_ one: String, _ other: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Array(one.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Array(other.utf8), using: key)
    }

    private func isSigned(_ call: ReadDeliveryReports) -> Bool {
        let prefix = "sha256="
        guard let appSecret, let signature = call.header("X-Hub-Signature-256"), signature.hasPrefix(prefix),
            let code = Hexadecimal.decode(signature.dropFirst(prefix.count))
        else { return false }
        let key = SymmetricKey(data: Array(appSecret.reveal().utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: call.body, using: key)
    }

    /// Whatever else the webhook tells, such as messages that people wrote, is no report.
    private func reports(_ body: [UInt8]) -> DeliveryReportsReading {
        guard let content = try? JSONValue(parsing: body), let entries = content["entry"]?.elements else {
            return .malformed
        }
        let statuses = entries.flatMap { $0["changes"]?.elements ?? [] }
            .flatMap { $0["value"]?["statuses"]?.elements ?? [] }
        return .reports(Array(statuses.compactMap(Self.report).prefix(DeliveryReportsReading.limit)))
    }

    private static func report(_ status: JSONValue) -> DeliveryReport? {
        guard let message = status["id"]?.text, DeliveryReport.isMessage(message),
            let state = status["status"]?.text.flatMap({ states[$0] })
        else { return nil }
        let reason: ReportedReason =
            if case .integer(let code) = status["errors"]?.elements?.first?["code"] {
                ReportedReason(code: code)
            } else { ReportedReason("failed") }
        return DeliveryReport(
            of: message, state, because: state == .failed ? reason : nil,
            time: DeliveryReport.time(seconds: status["timestamp"]?.text))
    }

    private static let states: [String: DeliveryReport.State] = [
        "sent": .sent, "delivered": .delivered, "read": .delivered, "failed": .failed,
    ]
}
