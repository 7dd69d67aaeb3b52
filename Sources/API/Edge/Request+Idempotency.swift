import Crypto
import EnclaveLink
import HTTPServer
import Workspaces

/// An `Idempotency-Key` that is none.
struct InvalidIdempotencyKey: Error, Equatable {
    let message = "The key must be 1 to 255 visible ASCII characters."
}

extension Request {
    /// The `Idempotency-Key`, which names this request among all of `realm`; nil where none was sent
    /// (draft-ietf-httpapi-idempotency-key-header).
    ///
    /// - Parameter realm: keeps the keys of callers apart who must not speak for each other within one workspace; empty
    ///   for its own back ends and agents.
    func idempotency(realm: String = "") throws(InvalidIdempotencyKey) -> Idempotency? {
        let values = headers.values("Idempotency-Key")
        guard let key = values.first else { return nil }
        guard values.count == 1, (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw InvalidIdempotencyKey() }
        // No key has a space, so that no key of one realm reads like one of another.
        let name = realm.isEmpty ? key : "\(realm) \(key)"
        return Idempotency(key: Array(SHA256.hash(data: Array(name.utf8))), body: Array(SHA256.hash(data: bodyBytes)))
    }
}

extension ChallengeMode {
    /// The realm of the keys of a workspace's own back ends: what a live key asked for, no test key did.
    var realm: String {
        switch self {
        case .live: ""
        case .test: "test"
        }
    }
}
