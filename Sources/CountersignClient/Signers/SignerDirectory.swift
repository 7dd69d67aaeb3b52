/// `GET /.well-known/countersign`: the server's word on which keys are current, and the keys' own word on who succeeds
/// whom. Only the second counts for trust.
struct SignerDirectory: Sendable {
    static let path = "/.well-known/countersign"

    let endorsements: [Endorsement]
    private let current: [TrustedKeys.Role: Set<PublicKey>]

    /// - Throws: `answerUnreadable`.
    init(_ response: TransportResponse) throws(CountersignError) {
        let document = try Wire.snakeCase.decode(Document.self, from: response)
        let modes = [document.signerKeys, document.testSignerKeys]
        endorsements = document.endorsements.compactMap { Endorsement($0) }
        current = [
            .signer: Set(modes.map(\.enclave.current.point)), .notary: Set(modes.map(\.notary.current.point)),
        ]
    }

    /// Whether the server says that it signs with `key` now, be it live challenges or tests.
    func names(_ key: PublicKey, _ role: TrustedKeys.Role) -> Bool { current[role]?.contains(key) ?? false }

    private struct Document: Decodable {
        struct Keys: Decodable {
            var enclave: Pair
            var notary: Pair
        }

        struct Pair: Decodable {
            var current: Key
        }

        struct Key: Decodable {
            var point: PublicKey
        }

        var signerKeys: Keys
        var testSignerKeys: Keys
        var endorsements: [String]
    }
}
