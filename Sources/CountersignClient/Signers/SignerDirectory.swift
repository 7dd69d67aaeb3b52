internal import JOSE

/// `GET /.well-known/countersign`: the server's word on which keys are current, and the keys' own word on who succeeds
/// whom. Only the second counts for trust.
struct SignerDirectory: Sendable {
    static let path = "/.well-known/countersign"
    /// A server that publishes more is none that this client follows.
    private static let longestChain = 200

    /// The current signers, of live and of test challenges.
    let signers: [PublicKey]
    let notaries: [PublicKey]
    let endorsements: [Endorsement]

    /// - Throws: `answerUnreadable`.
    init(_ response: TransportResponse) throws(CountersignError) {
        guard let document = try? JSONValue(parsing: Array(response.body)),
            let statements = document["endorsements"]?.elements, statements.count <= Self.longestChain
        else { throw .answerUnreadable("The server's signer keys cannot be read.") }
        endorsements = statements.compactMap { $0.text.flatMap(Endorsement.init) }
        signers = Self.keys(document, "signer")
        notaries = Self.keys(document, "notary")
    }

    private static func keys(_ document: JSONValue, _ name: String) -> [PublicKey] {
        []
    }
}
