import Encodings

/// Random UUIDs (RFC 9562 §5.4), from the enclave's own randomness.
enum UUIDText {
    static func random(from randomness: any RandomSource) -> String {
        var bytes = randomness.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let parts = [bytes[..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
        return parts.map { Hexadecimal.encode($0) }.joined(separator: "-")
    }
}
