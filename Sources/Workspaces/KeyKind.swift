/// What a key is for. Its first letters say so, for people and for leak scanners.
public enum KeyKind: String, CaseIterable, Sendable, Codable {
    /// A back end's key: real messages, real tokens.
    case live
    /// Simulates: nothing is sent, no quota is used, the code is in the answer.
    case test
    /// Administers the workspace; sends and verifies nothing.
    case `operator`
    /// A P-256 public key of a back end, which stamps its requests with the private half.
    case stamp

    /// The first letters of the key's text; nil where the key has none that is secret.
    public var prefix: String? {
        switch self {
        case .live: "sk_live_"
        case .test: "sk_test_"
        case .operator: "uk_live_"
        case .stamp: nil
        }
    }

    /// True for keys that must never be seen in a browser.
    public var isSecretKey: Bool { self == .live || self == .test }
}
