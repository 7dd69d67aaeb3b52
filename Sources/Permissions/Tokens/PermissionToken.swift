/// What an agent shows to do once what it was permitted: `otp_` and 32 random characters (190 bits). It exists in the
/// answer that hands it out and nowhere else: the database has its SHA-256.
///
/// An agent may ask for a signed one instead, which is handed out, stored and redeemed in the same way.
public struct PermissionToken: Sendable, DigestedToken {
    /// Bytes of a token, at most: a signed one has the granted scope in it.
    public static let longest = 32 * 1024
    static let prefix = "otp_"
    static let randomLength = 32
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The token itself.
    public let value: String

    /// What somebody presents, whether it is a token or not.
    public init(presented value: String) { self.value = value }

    /// A fresh token.
    init(using generator: inout some RandomNumberGenerator) {
        var characters = Array(Self.prefix.utf8)
        characters.reserveCapacity(characters.count + Self.randomLength)
        // Ten draws of six bits from each number; the two of 64 values that are no character are drawn again.
        var (pool, left) = (UInt64(0), 0)
        while characters.count < Self.prefix.utf8.count + Self.randomLength {
            if left == 0 { (pool, left) = (generator.next(), 10) }
            let draw = Int(pool & 63)
            if draw < Self.alphabet.count { characters.append(Self.alphabet[draw]) }
            (pool, left) = (pool >> 6, left - 1)
        }
        value = String(decoding: characters, as: UTF8.self)
    }

    /// Whether this is the token with a stored digest. The digests are compared in constant time.
    func matches(_ stored: [UInt8]) -> Bool {
        let own = digest
        guard own.count == stored.count else { return false }
        return zip(own, stored).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String { "<permission token>" }
}
