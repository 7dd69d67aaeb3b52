import API
import Configuration
import Encodings
import EnclaveLink
import HTTPServer
import Logging
import Passcodes
import Webhooks
import Workspaces

/// `countersign.yaml`. Every setting has a default; an unknown or wrong one stops the start.
struct HostConfiguration: Sendable {
    /// Who stands behind the tokens, such as `https://login.example.com`; nil for the usual one.
    var issuer: String?
    var listen = ListenAddress.usual
    /// The certificate of the listener; nil for plain HTTP.
    var tls: TLSFiles?
    /// Where an enclave listens that is a service of its own; nil where the host starts one.
    var enclaveSocket: String?
    var logFormat = LogLine.Format.text
    var logLevel = Logger.Level.info
    var algorithm = SigningAlgorithm.rs256With2048Bits
    var rotationDays = 30
    var publishTestKey = PublishTestKey.automatic
    var server = ServerConfiguration()
    var webhookRetries = RetrySchedule.usual
    /// From where operators' keys are accepted.
    var operatorAddresses = AddressList.everywhere
    /// Whose reports of leaked keys are known by their signature.
    var leakReporters = LeakReporters()
    /// Where weaknesses are reported.
    var securityContact: SecurityContact?

    enum PublishTestKey: String, CaseIterable, Sendable {
        /// While the issuer is on loopback.
        case automatic = "auto"
        case always, never
    }

    /// The listener's address: the issuer of an installation that names none, and where its key sets are found.
    var listenerAddress: String { "\(scheme)://\(listen.text)" }

    var logger: Logger {
        Logger(label: "countersign") { _ in LineLogHandler(format: logFormat, logLevel: logLevel) }
    }

    var scheme: String { tls == nil ? "http" : "https" }

    /// How tokens are signed for `issuer`.
    func signingKeys(issuer: String) -> SigningKeySettings {
        let publishes =
            switch publishTestKey {
            case .always: true
            case .never: false
            case .automatic: Self.isLoopback(issuer)
            }
        return SigningKeySettings(algorithm: algorithm, rotationDays: rotationDays, publishesTestKey: publishes)
    }

    private static func isLoopback(_ issuer: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: issuer.hasPrefix) else { return false }
        let rest = issuer.dropFirst(scheme.count)
        return ["127.0.0.1", "localhost", "[::1]"].contains { rest == $0 || rest.hasPrefix($0 + ":") }
    }
}
