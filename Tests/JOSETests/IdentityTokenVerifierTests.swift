import JOSE
import Testing

@Suite struct IdentityTokenVerifierTests {
    private let key = SigningKey.p256("k1")
    private let now = 1_700_000_000.0

    private func verify(
        _ claims: String, type: String = "JWT", leeway: Double = 0
    ) throws -> JSONWebTokenClaims {
        let token = try key.compact(header: #"{"alg":"ES256","typ":"\#(type)","kid":"k1"}"#, payload: claims)
        let signatures = JSONWebSignatureVerifier(keys: try JSONWebKeySet([key.publicKey]), algorithms: [.es256])
        return try IdentityTokenVerifier(
            signatures: signatures, issuer: "https://id.example.com", audience: "ws_1", type: "JWT", leeway: leeway
        ).verify(token, now: now)
    }

    private func claims(_ changes: String = "", exp: Double = 60, issuer: String = "https://id.example.com") -> String {
        #"{"iss":"\#(issuer)","aud":"ws_1","sub":"s","jti":"j","exp":\#(now + exp)\#(changes)}"#
    }

    @Test("a good token gives its claims, the registered ones and the others")
    func goodToken() throws {
        let claims = try verify(claims(#","phone":"+4915112345678""#))
        #expect(claims.issuer == "https://id.example.com")
        #expect(claims.audience == ["ws_1"])
        #expect(claims.subject == "s")
        #expect(claims.identifier == "j")
        #expect(claims.expiration == now + 60)
        #expect(claims["phone"]?.text == "+4915112345678")
    }

    @Test("a token is good until the second before exp and not at exp, and leeway moves that moment")
    func expiry() throws {
        _ = try verify(claims(exp: 1))
        #expect(throws: JOSEError(.expired)) { try verify(claims(exp: 0)) }
        _ = try verify(claims(exp: 0), leeway: 5)
        _ = try verify(claims(exp: -4), leeway: 5)
        #expect(throws: JOSEError(.expired)) { try verify(claims(exp: -5), leeway: 5) }
        #expect(throws: JOSEError(.expired)) { try verify(claims(exp: 0), leeway: -5) }
    }

    @Test("a token without exp is refused")
    func withoutExpiry() {
        #expect(throws: JOSEError(.expired)) { try verify(#"{"iss":"https://id.example.com","aud":"ws_1"}"#) }
    }

    @Test("nbf in the future is refused beyond the leeway, iat in the future is no error")
    func timesInTheFuture() throws {
        #expect(throws: JOSEError(.notYetValid)) { try verify(claims(#","nbf":\#(now + 1)"#)) }
        _ = try verify(claims(#","nbf":\#(now)"#))
        _ = try verify(claims(#","nbf":\#(now + 5)"#), leeway: 5)
        _ = try verify(claims(#","iat":\#(now + 30)"#))
    }

    @Test("another issuer, even one that only looks alike, is refused")
    func issuers() {
        for issuer in ["https://id.example.com/", "https://ID.example.com", "http://id.example.com", ""] {
            #expect(throws: JOSEError(.wrongIssuer)) { try verify(claims(issuer: issuer)) }
        }
    }

    @Test("the audience may be one text or a list, and must name the receiver")
    func audiences() throws {
        func token(_ audience: String) -> String {
            #"{"iss":"https://id.example.com","exp":\#(now + 60)\#(audience)}"#
        }
        _ = try verify(token(#","aud":["ws_0","ws_1"]"#))
        for audience in ["", #","aud":[]"#, #","aud":"ws_10""#, #","aud":["ws_0"]"#, #","aud":"""#] {
            #expect(throws: JOSEError(.wrongAudience)) { try verify(token(audience)) }
        }
        for audience in [#","aud":1"#, #","aud":["ws_1",1]"#, #","aud":{"ws_1":1}"#, #","aud":null"#] {
            #expect(throws: JOSEError(.malformedClaims)) { try verify(token(audience)) }
        }
    }

    @Test("a token of another type is refused; case and application/ make no difference")
    func types() throws {
        for type in ["jwt", "application/jwt", "JWT"] { _ = try verify(claims(), type: type) }
        for type in ["identity+jwt", "at+jwt", "", "text/jwt"] {
            #expect(throws: JOSEError(.wrongType)) { try verify(claims(), type: type) }
        }
    }

    @Test(
        "registered claims of the wrong type and payloads that are no object are refused",
        arguments: [
            #"{"exp":"1"}"#, #"{"exp":1,"nbf":"0"}"#, #"{"iss":1}"#, #"{"sub":1}"#, #"{"jti":[]}"#, #"{"iat":true}"#,
            "[]",
            "1", "null",
        ])
    func malformedClaims(payload: String) {
        #expect(throws: JOSEError(.malformedClaims)) { try verify(payload) }
    }

    @Test("claims that name a member twice are refused")
    func duplicateClaims() {
        #expect(throws: JOSEError(.duplicateMember)) { try verify(claims(#","exp":99999999999"#)) }
    }
}
