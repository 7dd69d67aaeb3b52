import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Workspaces

/// What is stamped.
extension TurnkeyParty {
    static let types = [
        "init_otp": "ACTIVITY_TYPE_INIT_OTP_V3", "verify_otp": "ACTIVITY_TYPE_VERIFY_OTP_V2",
        "otp_login": "ACTIVITY_TYPE_OTP_LOGIN_V2", "stamp_login": "ACTIVITY_TYPE_STAMP_LOGIN",
    ]

    /// A request's body; no two are the same, as two at the same time would be one activity.
    func body(
        _ name: String, _ parameters: String, type: String? = nil, at time: Int64? = nil, organization: String? = nil
    ) -> String {
        """
        {"type":"\(type ?? Self.types[name] ?? "")","timestampMs":"\(time ?? now)",\
        "organizationId":"\(organization ?? self.organization)","parameters":\(parameters),"generateAppProofs":true,\
        "different":"\(RandomIdentifier.hexadecimal(length: 16))"}
        """
    }

    func submit(
        _ name: String, _ parameters: String, type: String? = nil, at time: Int64? = nil, organization: String? = nil
    ) async throws -> TestServer.Answer {
        try await stamped(
            "/public/v1/submit/\(name)",
            body(name, parameters, type: type, at: time, organization: organization))
    }

    func query(_ name: String, _ more: String = "") async throws -> TestServer.Answer {
        try await stamped("/public/v1/query/\(name)", #"{"organizationId":"\#(organization)"\#(more)}"#)
    }

    func stamped(_ path: String, _ body: String) async throws -> TestServer.Answer {
        var all = headers
        if let stamper { all.append(("X-Stamp", try Self.stamp(body, by: stamper))) }
        return await server.call(.POST, path, headers: all, body: body, peer: peer)
    }

    static func stamp(_ body: String, by key: SealedClient) throws -> String {
        header(
            #"{"publicKey":"\#(key.key.compressedHexadecimal)","scheme":"SIGNATURE_SCHEME_TK_API_P256","signature":"\#(try signature(body, by: key))"}"#
        )
    }

    static func attestedStamp(_ body: String, by key: SealedClient, token: String) throws -> String {
        header(
            """
            {"publicKeyAttestation":"\(token)","scheme":"STAMP_ATTESTED_SCHEME_P256_VERIFICATION_TOKEN",\
            "publicKey":"\(key.key.compressedHexadecimal)","signature":"\(try signature(body, by: key))"}
            """)
    }

    static func header(_ json: String) -> String { Base64URL.encode(Array(json.utf8)) }

    static func signature(_ body: String, by key: SealedClient) throws -> String {
        Hexadecimal.encode(try key.sign(body, as: .der).signature)
    }

    /// `stamp_login`: the whole body signed by the token's key.
    func logInByStamp(
        _ token: String, session: SealedClient, more: String = "", organization: String? = nil
    ) async throws -> TestServer.Answer {
        let body = body(
            "stamp_login", #"{"publicKey":"\#(hexadecimal(session))"\#(more)}"#, organization: organization)
        let stamp = try Self.attestedStamp(body, by: client, token: token)
        return await server.call(
            .POST, "/public/v1/submit/stamp_login", headers: headers + [("X-Stamp-Attested", stamp)], body: body,
            peer: peer)
    }
}
