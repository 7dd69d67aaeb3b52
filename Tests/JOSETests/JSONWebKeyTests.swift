import Crypto
import JOSE
import Testing
import _CryptoExtras

@Suite struct JSONWebKeyTests {
    /// The key of RFC 7638 §3.1.
    private let exampleModulus = """
        0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj\
        hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ\
        vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK\
        nqDKgw
        """

    private func key(_ text: String) throws -> JSONWebKey { try JSONWebKey(json: Array(text.utf8)) }

    private func rsa(_ members: String) -> String { #"{"kty":"RSA","n":"\#(exampleModulus)",\#(members)}"# }

    @Test("the thumbprint of the RFC 7638 §3.1 key is the one of the RFC, whatever else the key carries")
    func thumbprintOfTheRFC() throws {
        let expected = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        let key = try key(rsa(#""e":"AQAB","alg":"RS256","kid":"2011-04-29""#))
        #expect(key.thumbprint == expected)
        #expect(key.identifier == "2011-04-29")
        #expect(key.identifiedByThumbprint().identifier == expected)
        #expect(key.identifiedByThumbprint().thumbprint == expected)
    }

    @Test("the thumbprint of a P-256 key hashes crv, kty, x and y in this order")
    func thumbprintOfP256() throws {
        let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
        let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
        let key = try key(#"{"y":"\#(y)","x":"\#(x)","kty":"EC","use":"sig","crv":"P-256"}"#)
        let hashed = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        #expect(key.thumbprint == Base64URL.encode(Array(SHA256.hash(data: Array(hashed.utf8)))))
    }

    @Test("a key is written in one fixed order and reads back equal")
    func writing() throws {
        let rsa = try key(rsa(#""e":"AQAB","kid":"a\"b""#))
        #expect(
            rsa.json == #"{"kty":"RSA","use":"sig","alg":"RS256","kid":"a\"b","n":"\#(exampleModulus)","e":"AQAB"}"#)
        #expect(try key(rsa.json) == rsa)
        let point = Array(P256.Signing.PrivateKey().publicKey.x963Representation)
        let p256 = try JSONWebKey(p256Uncompressed: point)
        #expect(p256.json.hasPrefix(#"{"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","x":""#))
        #expect(try key(p256.json) == p256)
    }

    @Test(
        "any private or symmetric member makes a key unreadable",
        arguments: ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    func privateMembers(name: String) {
        #expect(throws: JOSEError(.privateKeyMaterial)) { try key(rsa(#""e":"AQAB","\#(name)":"AQAB""#)) }
    }

    @Test(
        "a key for another purpose or algorithm is unsupported",
        arguments: [
            #""use":"enc""#, #""alg":"RS512""#, #""alg":"PS256""#, #""alg":"ES256""#, #""alg":"none""#,
            #""key_ops":["encrypt"]"#, #""key_ops":[]"#,
        ])
    func otherPurpose(members: String) {
        #expect(throws: JOSEError(.unsupportedKey)) { try key(rsa(#""e":"AQAB",\#(members)"#)) }
    }

    @Test(
        "an exponent that is 1, even, empty, above 32 bits or written with a leading zero is refused",
        arguments: ["AQ", "Ag", "AQAA", "", "AQAAAAE", "AAEAAQ"])
    func exponents(exponent: String) {
        #expect(throws: JOSEError(.malformedKey)) { try key(rsa(#""e":"\#(exponent)""#)) }
    }

    @Test(
        "missing members and wrong types are refused",
        arguments: [
            "[]", "{}", #"{"kty":"RSA"}"#, #"{"kty":1}"#, #"{"kty":"RSA","n":1,"e":"AQAB"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, #"{"kty":"EC"}"#,
        ])
    func malformed(text: String) {
        #expect(throws: JOSEError(.malformedKey)) { try key(text) }
    }

    @Test("RSA keys of 2047 bits and less are refused, 2048 bits are taken, more than 8192 are refused")
    func modulusSizes() throws {
        func modulus(bytes: Int, first: UInt8) -> [UInt8] { [first] + [UInt8](repeating: 1, count: bytes - 1) }
        _ = try JSONWebKey(rsaModulus: modulus(bytes: 256, first: 0x80), exponent: [1, 0, 1])
        _ = try JSONWebKey(rsaModulus: [0] + modulus(bytes: 256, first: 0x80), exponent: [1, 0, 1])
        for tooSmall in [modulus(bytes: 256, first: 0x7f), modulus(bytes: 128, first: 0xff), [], [0, 0]] {
            #expect(throws: JOSEError(.keySizeNotAllowed)) {
                try JSONWebKey(rsaModulus: tooSmall, exponent: [1, 0, 1])
            }
        }
        #expect(throws: JOSEError(.keySizeNotAllowed)) {
            try JSONWebKey(rsaModulus: modulus(bytes: 1025, first: 1), exponent: [1, 0, 1])
        }
    }

    @Test("a point beside the curve is no key")
    func pointBesideTheCurve() {
        var point = Array(P256.Signing.PrivateKey().publicKey.x963Representation)
        point[64] ^= 1
        #expect(throws: JOSEError(.malformedKey)) { try JSONWebKey(p256Uncompressed: point) }
        #expect(throws: JOSEError(.malformedKey)) {
            try JSONWebKey(p256X: [UInt8](repeating: 0, count: 32), y: [UInt8](repeating: 0, count: 32))
        }
    }
}
