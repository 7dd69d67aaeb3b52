import Crypto

/// What makes a message unlike every other: its Message-ID (RFC 5322 §3.6.4) and its MIME boundary. Made of letters
/// only, so that nothing in it can be taken for a code. The challenge's identifier and the time of writing go in
/// through a hash, because the identifier itself need not be known to mail servers.
struct MessageIdentifier {
    private let letters: String

    init(challenge: String, time: WallTime) {
        var hash = SHA256()
        hash.update(data: Array(challenge.utf8))
        withUnsafeBytes(of: time.nanoseconds.bigEndian) { hash.update(bufferPointer: $0) }
        letters = hash.finalize().prefix(20).map(Self.twoLetters).joined()
    }

    /// With angle brackets.
    func messageIdentifier(domain: String) -> String { "<\(letters)@\(domain)>" }

    /// At most 70 characters (RFC 2046 §5.1.1). `=_` cannot occur in quoted-printable (RFC 2045 §6.7).
    var boundary: String { "=_\(letters)" }

    private static func twoLetters(_ byte: UInt8) -> String {
        let alphabet = Array("abcdefghijklmnop".unicodeScalars)
        return "\(alphabet[Int(byte >> 4)])\(alphabet[Int(byte & 15)])"
    }
}
