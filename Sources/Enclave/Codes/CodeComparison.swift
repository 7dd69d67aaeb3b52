import COpenSSL
import EnclaveLink
import SealedPasscodes

/// Compares a presented code with the real one in a time that depends on neither.
enum CodeComparison {
    /// Longer presentations are always wrong.
    static let limit = 64

    /// Base32 is read without regard to case, with `I` and `L` as `1` and `O` as `0`.
    static func matches(_ presented: PresentedCode, _ code: Passcode, alphabet: CodeAlphabet) -> Bool {
        let table = alphabet == .base32 ? base32Reading : plainReading
        var given = paddedReading(presented.value.utf8, table)
        var expected = code.withCharacters { paddedReading($0, table) }
        defer {
            given.wipe()
            expected.wipe()
        }
        return CRYPTO_memcmp(given, expected, limit + 1) == 0
    }

    /// A buffer of fixed size: the characters as the alphabet reads them, zeros, and at the end the length, so that
    /// padding cannot stand for characters.
    private static func paddedReading(_ characters: some Sequence<UInt8>, _ table: [UInt8]) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit + 1)
        var length = 0
        for character in characters {
            if length < limit { buffer[length] = table[Int(character)] }
            length += 1
            if length > limit { break }
        }
        buffer[limit] = UInt8(length)
        return buffer
    }

    private static let plainReading = Array(UInt8.min...UInt8.max)

    private static let base32Reading: [UInt8] = plainReading.map { character in
        let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) ? character - 32 : character
        return switch upper {
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        default: upper
        }
    }
}
