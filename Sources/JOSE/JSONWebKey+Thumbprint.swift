import Crypto

extension JSONWebKey {
    /// The SHA-256 thumbprint of RFC 7638 §3, as base64url: 43 characters.
    public var thumbprint: String { Base64URL.encode(Array(SHA256.hash(data: Array(thumbprintInput.utf8)))) }

    /// The required members in lexicographic order, without whitespace (RFC 7638 §3.2 and §3.3).
    var thumbprintInput: String {
        switch material {
        case .rsa(let modulus, let exponent):
            #"{"e":"\#(Base64URL.encode(exponent))","kty":"RSA","n":"\#(Base64URL.encode(modulus))"}"#
        case .p256(let x, let y):
            #"{"crv":"P-256","kty":"EC","x":"\#(Base64URL.encode(x))","y":"\#(Base64URL.encode(y))"}"#
        }
    }
}
