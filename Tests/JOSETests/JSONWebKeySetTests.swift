import JOSE
import Testing

@Suite struct JSONWebKeySetTests {
    private func keySet(_ keys: String...) throws -> JSONWebKeySet {
        try JSONWebKeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    @Test("keys that this server cannot use are left out, the others stay in order")
    func unusableKeys() throws {
        let first = SigningKey.p256("first").publicKey
        let second = SigningKey.p256("second").publicKey
        let set = try keySet(
            first.json, #"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#, #"{"kty":"EC","crv":"P-384","x":"AQ","y":"AQ"}"#,
            #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, second.json)
        #expect(set.keys == [first, second])
        #expect(try JSONWebKeySet(json: Array(set.json.utf8)) == set)
    }

    @Test("one private or symmetric key makes the whole set unusable")
    func privateKeyInside() {
        let good = SigningKey.p256("good").publicKey.json
        for leaked in [#"{"kty":"oct","k":"AQAB"}"#, #"{"kty":"OKP","crv":"Ed25519","x":"AQ","d":"AQ"}"#] {
            #expect(throws: JOSEError(.privateKeyMaterial)) { try keySet(good, leaked) }
        }
    }

    @Test("two keys under one kid are refused")
    func duplicateIdentifier() {
        #expect(throws: JOSEError(.duplicateKeyIdentifier)) {
            try keySet(SigningKey.p256("same").publicKey.json, SigningKey.p256("same").publicKey.json)
        }
    }

    @Test("without a kid the only key of the algorithm is taken, and none where there are two")
    func selection() throws {
        let first = SigningKey.p256("first").publicKey
        let second = SigningKey.p256("second").publicKey
        let one = try JSONWebKeySet([first])
        #expect(one.key(identifier: nil, algorithm: .es256) == first)
        #expect(one.key(identifier: nil, algorithm: .rs256) == nil)
        #expect(one.key(identifier: "second", algorithm: .es256) == nil)
        let two = try JSONWebKeySet([first, second])
        #expect(two.key(identifier: nil, algorithm: .es256) == nil)
        #expect(two.key(identifier: "second", algorithm: .es256) == second)
        #expect(two.key(identifier: "second", algorithm: .rs256) == nil)
    }

    @Test("what is no key set is refused", arguments: ["[]", "{}", #"{"keys":{}}"#, #"{"keys":"#, ""])
    func noKeySet(text: String) {
        #expect(throws: JOSEError.self) { try JSONWebKeySet(json: Array(text.utf8)) }
    }
}
