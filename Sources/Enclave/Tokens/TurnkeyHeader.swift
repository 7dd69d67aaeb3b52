import JOSE

/// The header of the Turnkey dialect's tokens. It names no key: there a client pins one.
enum TurnkeyHeader {
    static let encoded = Array(Base64URL.encode(Array(#"{"typ":"JWT","alg":"ES256"}"#.utf8)).utf8)
}
