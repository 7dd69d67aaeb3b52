/// What a code is bound to besides its contact: sealed with the challenge, and said by the token that the code wins.
public struct ChallengeClaims: Equatable, Sendable {
    /// What the code is asked for, in the caller's words; at most `purposeLength` bytes.
    public var purpose: String?
    /// The transaction that the code confirms, as canonical JSON of at most `bindingLength` bytes.
    public var binding: String?

    /// Bytes of `purpose`, at most.
    public static let purposeLength = 64
    /// Bytes of `binding`, at most.
    public static let bindingLength = 1024

    public init(purpose: String? = nil, binding: String? = nil) {
        self.purpose = purpose
        self.binding = binding
    }
}
