import CountersignClient
import Foundation
import Synchronization

/// A server's key sets, and the tokens that they verify.
final class KeySetServer: Transport {
    struct Claims: Sendable {
        var issuer = EnclaveDouble.issuer
        var audience = EnclaveDouble.workspace
        var type = "identity+jwt"
        /// Seconds.
        var lifetime = 60
        /// Seconds from now.
        var notBefore = 0
        var test = false
    }

    let key = SigningDouble()
    let testKey = SigningDouble()
    let surroundings = TestSurroundings()
    private let cacheControl: String
    private let state: Mutex<(published: [SigningDouble], requests: [TransportRequest])>

    init(cacheControl: String = "public, max-age=300") {
        self.cacheControl = cacheControl
        state = Mutex((published: [key], requests: []))
    }

    var requests: [TransportRequest] { state.withLock { $0.requests } }

    func publish(_ key: SigningDouble) { state.withLock { $0.published.append(key) } }

    func fetched(_ path: String = "/.well-known/jwks.json") -> Int { requests.count { $0.url.path == path } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let published = state.withLock { state in
            state.requests.append(request)
            return state.published
        }
        let keys = request.url.path.hasSuffix("jwks-test.json") ? [testKey] : published
        return TransportResponse(
            status: 200, headers: ["cache-control": cacheControl],
            body: Data(#"{"keys":[\#(keys.map(\.jwk).joined(separator: ","))]}"#.utf8))
    }

    func tokens(acceptingTests: Bool = false) throws -> IdentityTokens {
        try CountersignClient(
            ClientConfiguration(server: EnclaveDouble.issuer, credential: .secretKey("sk_live_secret")),
            transport: self, surroundings: surroundings.surroundings()
        ).identityTokens(audience: EnclaveDouble.workspace, acceptsTestTokens: acceptingTests)
    }

    func token(_ claims: Claims = Claims(), signedBy signer: SigningDouble? = nil) -> Secret {
        let now = Int(surroundings.now.timeIntervalSince1970)
        let text = """
            {"iss":"\(claims.issuer)","aud":"\(claims.audience)","sub":"subject","phone":"+4915123456789",\
            "iat":\(now),"nbf":\(now + claims.notBefore),"exp":\(now + claims.lifetime),"jti":"token-1",\
            "amr":["otp","sms"],"acr":"urn:countersign:acr:telephone"\(claims.test ? #","test":true"# : "")}
            """
        return Secret((signer ?? key).token(type: claims.type, Array(text.utf8)))
    }
}
