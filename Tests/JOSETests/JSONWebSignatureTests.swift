import JOSE
import Testing

/// The examples of RFC 7515 appendix A, keys without `kid` as printed there.
@Suite struct JSONWebSignatureTests {
    private let payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    private let rsaKey = """
        {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4\
        QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-U\
        To7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kz\
        k2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}
        """
    private let rsaSignature = """
        cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t\
        1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j\
        zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ\
        Ge77Rw
        """
    private let ecKey = """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """
    private let ecSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    private let encodedPayload = """
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ
        """

    private func check(header: String, encoded: String, key: String, signature: String) throws {
        let input = JSONWebSignature.signingInput(header: header, payload: payload)
        #expect(String(decoding: input, as: UTF8.self) == "\(encoded).\(encodedPayload)")
        let compact = JSONWebSignature.assemble(signingInput: input, signature: try Base64URL.decode(signature))
        #expect(compact == "\(encoded).\(encodedPayload).\(signature)")
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(key.utf8))])
        let verified = try JSONWebSignatureVerifier(keys: keys).verify(compact)
        #expect(verified.payload == Array(payload.utf8))
    }

    @Test("the RS256 example of appendix A.2 is assembled to the letter and verifies")
    func exampleA2() throws {
        try check(header: #"{"alg":"RS256"}"#, encoded: "eyJhbGciOiJSUzI1NiJ9", key: rsaKey, signature: rsaSignature)
    }

    @Test("the ES256 example of appendix A.3 is assembled to the letter and verifies")
    func exampleA3() throws {
        try check(header: #"{"alg":"ES256"}"#, encoded: "eyJhbGciOiJFUzI1NiJ9", key: ecKey, signature: ecSignature)
    }

    @Test("the unsecured example of appendix A.5 is refused")
    func exampleA5() throws {
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(rsaKey.utf8))])
        #expect(throws: JOSEError(.algorithmNotAllowed)) {
            try JSONWebSignatureVerifier(keys: keys).verify("eyJhbGciOiJub25lIn0.\(encodedPayload).")
        }
    }

    @Test("the critical header of appendix E is refused before its signature is looked at")
    func exampleE() throws {
        let header =
            "{\"alg\":\"none\",\r\n \"crit\":[\"http://example.invalid/UNDEFINED\"],\r\n"
            + " \"http://example.invalid/UNDEFINED\":true\r\n}"
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(rsaKey.utf8))])
        #expect(throws: JOSEError(.unknownCriticalHeader)) {
            try JSONWebSignatureVerifier(keys: keys).verify("\(Base64URL.encode(Array(header.utf8))).RkFJTA.")
        }
    }
}
