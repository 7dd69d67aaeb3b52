import Crypto
import FoundationEssentials
import SealedPasscodes

/// Those whose reports of leaks are known by a signature: ECDSA over P-256 with SHA-256, as GitHub's secret scanning signs.
public struct LeakReporters: Sendable {
    /// One public key of a reporter.
    public struct Key: Sendable {
        let reporter: String
        let key: P256PublicKey

        /// Nil for a text that is no public key of P-256 in PEM.
        public init?(reporter: String, pem: String) {
            guard let key = try? P256.Signing.PublicKey(pemRepresentation: pem) else { return nil }
            self.reporter = reporter
            self.key = P256PublicKey(key)
        }
    }

    private let keys: [String: Key]

    /// - Parameter keys: by the identifier under which reports name them.
    public init(_ keys: [String: Key] = [:]) { self.keys = keys }

    /// Who signed a report. A key that nobody trusts is anybody's, and so is no key. Throws `signatureInvalid` where a
    /// trusted key's signature does not hold.
    ///
    /// - Parameters:
    ///   - key: the identifier that the report names; nil for none.
    ///   - signature: of the body, as ASN.1 in base64.
    public func reporter(
        key identifier: String?, signature: String?, body: [UInt8]
    ) throws(WorkspaceError) -> LeakReporter {
        guard let identifier, let key = keys[identifier] else { return .anybody }
        guard let der = signature.flatMap({ Data(base64Encoded: $0) }),
            key.key.isValidSignature(der: Array(der), for: body)
        else { throw .signatureInvalid() }
        return .trusted(key.reporter)
    }
}
