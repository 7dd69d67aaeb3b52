import Crypto
import EnclaveLink

/// An API key's text: prefix, 30 random base62 characters (178 bits) and a 6-character checksum over both, so that a
/// typo or an invention is refused without asking the database, and a scanner can tell a real key from a look-alike.
public struct SecretKey: Sendable, Redacted {
    public static let randomLength = 30
    public static let checksumLength = 6
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let prefixes = Set(KeyKind.allCases.compactMap(\.prefix)).sorted()
    private static let isInAlphabet = (UInt8.min...UInt8.max).map { alphabet.contains($0) }

    /// Its first letters. They do not say all of its kind: that stands with the key's record.
    public let prefix: String
    /// The key itself. Shown once, never stored.
    public let text: String

    /// Reads a presented key; nil if it is malformed or its checksum is wrong.
    public init?(_ text: String) {
        var text = text
        guard let prefix = text.withUTF8(Self.prefix) else { return nil }
        self.prefix = prefix
        self.text = text
    }

    private static func prefix(of characters: UnsafeBufferPointer<UInt8>) -> String? {
        guard let prefix = prefixes.first(where: { characters.starts(with: $0.utf8) }),
            characters.count == prefix.utf8.count + randomLength + checksumLength
        else { return nil }
        let signed = UnsafeBufferPointer(rebasing: characters.dropLast(checksumLength))
        guard signed.dropFirst(prefix.utf8.count).allSatisfy({ isInAlphabet[Int($0)] }),
            characters.suffix(checksumLength).elementsEqual(checksum(of: UnsafeRawBufferPointer(signed)))
        else { return nil }
        return prefix
    }

    /// Makes a fresh key; nil for a kind whose keys have no text.
    public init?(kind: KeyKind, using generator: inout some RandomNumberGenerator) {
        guard let prefix = kind.prefix else { return nil }
        var characters = Array(prefix.utf8)
        for _ in 0..<Self.randomLength {
            characters.append(Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)])
        }
        characters += characters.withUnsafeBytes(Self.checksum)
        self.prefix = prefix
        self.text = String(decoding: characters, as: UTF8.self)
    }

    /// What is stored in the key's place.
    public var digest: [UInt8] {
        var text = text
        return text.withUTF8 { Self.hash(UnsafeRawBufferPointer($0)).withUnsafeBytes { Array($0) } }
    }

    /// What a listing shows, so that an owner recognises the key: its prefix and last four characters.
    public var hint: String { "\(text.dropLast(Self.randomLength + Self.checksumLength))…\(text.suffix(4))" }

    public var description: String { "<\(prefix) key>" }

    /// The first 32 bits of SHA-256 in base62. Against accidents only: whoever reads this can compute it.
    private static func checksum(of characters: UnsafeRawBufferPointer) -> [UInt8] {
        var value = hash(characters).withUnsafeBytes { $0.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        var checksum: [UInt8] = []
        for _ in 0..<checksumLength {
            checksum.append(alphabet[Int(value % 62)])
            value /= 62
        }
        return checksum
    }

    private static func hash(_ characters: UnsafeRawBufferPointer) -> SHA256.Digest {
        var hash = SHA256()
        hash.update(bufferPointer: characters)
        return hash.finalize()
    }
}
