/// The one DER structure that swift-crypto wants for a public key from numbers (ITU-T X.690, RFC 8017 A.1.1).
enum DER {
    /// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
    static func rsaPublicKey(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        element(0x30, integer(modulus) + integer(exponent))
    }

    private static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        // A leading one bit would make the number negative.
        let needsZero = (magnitude.first ?? 0x80) >= 0x80
        return element(0x02, needsZero ? [0] + magnitude : magnitude)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag] + length(content.count) + content }

    private static func length(_ count: Int) -> [UInt8] {
        switch count {
        case ..<0x80: [UInt8(count)]
        case ..<0x100: [0x81, UInt8(count)]
        default: [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        }
    }
}
