import Configuration
import Crypto
import Encodings
import EnclaveLink
import JOSE

/// Vonage's delivery receipts, as a form in the query or the body, or as JSON, with a signature among the fields
/// (https://developer.vonage.com/en/getting-started/concepts/signing-messages).
struct VonageReports: Equatable, Sendable {
    /// The keyed ones of the account's "signature method". Its plain MD5 proves too little, and is not taken.
    enum Method: String, CaseIterable, Sendable {
        case sha256, sha512
    }

    let secret: SecretText
    let method: Method

    func reading(of call: ReadDeliveryReports) -> DeliveryReportsReading {
        guard let fields = Self.fields(of: call), Set(fields.map(\.name)).count == fields.count, isSigned(fields) else {
            return .refused
        }
        func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        guard let message = value("messageId"), DeliveryReport.isMessage(message), let word = value("status") else {
            return .malformed
        }
        guard let state = Self.states[word] else { return .reports([]) }
        let code = value("err-code").flatMap { $0 == "0" ? nil : $0 }
        return .reports([
            DeliveryReport(
                of: message, state, because: state == .failed ? ReportedReason(code ?? word) : nil,
                time: DeliveryReport.time(seconds: value("timestamp")))
        ])
    }

    private static func fields(of call: ReadDeliveryReports) -> [FormText.Field]? {
        switch call.method {
        case "GET": return call.query
        case "POST" where call.hasBody(of: "application/json"):
            let members = (try? JSONValue(parsing: call.body))?.members
            return members?.map { ($0.name, $0.value.text ?? "\($0.value)") }
        case "POST": return FormText.decoded(call.body)
        default: return nil
        }
    }

    private func isSigned(_ fields: [FormText.Field]) -> Bool {
        guard let signature = fields.first(where: { $0.name == "sig" }),
            let code = Hexadecimal.decode(signature.value)
        else { return false }
        let content = Array(Self.signedText(of: fields).utf8)
        let key = SymmetricKey(data: Array(secret.reveal().utf8))
        return switch method {
        case .sha256: HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: content, using: key)
        case .sha512: HMAC<SHA512>.isValidAuthenticationCode(code, authenticating: content, using: key)
        }
    }

    /// `&name=value` of each field but the signature, in the order of the names.
    static func signedText(of fields: [FormText.Field]) -> String {
        fields.filter { $0.name != "sig" }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "&\($0.name)=\($0.value.replacing(/[&=]/, with: "_"))" }.joined()
    }

    private static let states: [String: DeliveryReport.State] = [
        "accepted": .sent, "buffered": .sent, "delivered": .delivered, "expired": .failed, "failed": .failed,
        "rejected": .failed,
    ]
}
