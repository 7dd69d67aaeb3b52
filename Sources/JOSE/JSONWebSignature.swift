/// A JSON Web Signature in compact form (RFC 7515 §7.1): what is signed, and how the parts become one text.
public enum JSONWebSignature {
    /// The bytes to sign: base64url of the header, a dot, base64url of the payload (RFC 7515 §5.1).
    public static func signingInput(header: [UInt8], payload: [UInt8]) -> [UInt8] {
        signingInput(encodedHeader: Array(Base64URL.encode(header).utf8), payload: payload)
    }

    /// The bytes to sign, for a header that is JSON text.
    public static func signingInput(header: String, payload: String) -> [UInt8] {
        signingInput(header: Array(header.utf8), payload: Array(payload.utf8))
    }

    /// The bytes to sign, for a header that was encoded before: one key's header never changes.
    public static func signingInput(encodedHeader: [UInt8], payload: [UInt8]) -> [UInt8] {
        var input: [UInt8] = []
        // Room for the signature of a 4096-bit key, so that `assemble` does not move the bytes again.
        input.reserveCapacity(encodedHeader.count + Base64URL.encodedLength(of: payload.count) + 700)
        input.append(contentsOf: encodedHeader)
        input.append(UInt8(ascii: "."))
        Base64URL.append(payload, to: &input)
        return input
    }

    /// The compact text of a signed input.
    public static func assemble(signingInput: [UInt8], signature: [UInt8]) -> String {
        var text = signingInput
        text.append(UInt8(ascii: "."))
        Base64URL.append(signature, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
