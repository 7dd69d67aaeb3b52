import CountersignClient
import Foundation
import JOSE
import SealedPasscodes
import Synchronization

/// A server that a test plays: it answers as the real one does, with an enclave's double behind it, and lies where the
/// test wants it to.
final class PlayedServer: Transport {
    static let code = "K7M2PQ9XY"
    static let configuration = "00112233-4455-8667-8899-aabbccddee00"
    static let contact = "ada@example.com"

    /// What a host that was taken over may try.
    struct Lies: Sendable {
        /// Who signs target keys instead of the enclave.
        var signer: SigningDouble?
        /// Who signs sessions instead of the notary.
        var notary: SigningDouble?
        /// The challenge that the target key is for.
        var challenge: String?
        var organization: String?
        /// Seconds that the target key has to live; the enclave says 600.
        var lifetime: Int64 = 600
        /// What becomes of the target key's signed text.
        var change: @Sendable (String) -> String = { $0 }
        /// The client key that a verification token names.
        var verifiedKey: P256PublicKey?
        /// The key that a session token names.
        var sessionKey: PublicKey?
        /// The code in the answer, as test keys get it.
        var testCode: String?
        /// How often a session token is hashed before it is signed.
        var hashes = 2
    }

    /// The keys that the server publishes.
    struct Directory: Sendable {
        /// Nil for the enclave's own.
        var signer: SigningDouble?
        var notary: SigningDouble?
        var endorsements: [String]
    }

    let enclave = EnclaveDouble()
    let surroundings: TestSurroundings
    let lies: Lies
    /// What `GET /.well-known/countersign` answers; nil for 404.
    let directory: Directory?
    private let state = Mutex(State())

    struct State: Sendable {
        var sent: [TransportRequest] = []
        /// What the enclave found in the attempts.
        var opened: [AttemptContent] = []
        /// The proofs of possession that were shown.
        var proofs: [PossessionProof] = []
    }

    init(_ lies: Lies = Lies(), directory: Directory? = nil, surroundings: TestSurroundings = TestSurroundings()) {
        self.lies = lies
        self.directory = directory
        self.surroundings = surroundings
    }

    var seen: State { state.withLock { $0 } }
    func note(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        note { $0.sent.append(request) }
        switch (request.method, request.url.path) {
        case ("GET", "/.well-known/countersign"): return publish()
        case ("POST", "/api/v1/verify-otp"): return answer(200, #"{"status":"verified","identity_token":"e30"}"#)
        case ("POST", "/v1/challenges"): return challenge()
        case ("POST", "/v1/challenges/ch_1/attempts"): return attempt(request)
        case ("POST", "/v1/sessions"): return openSession(request)
        case ("GET", "/v1/sessions/me"): return currentSession(request)
        case ("DELETE", "/v1/sessions/se_1"), ("DELETE", "/v1/sessions/se_2"): return answer(204, "")
        case ("POST", "/v1/otp_init_v2"): return initOTP()
        case ("POST", "/v1/otp_verify_v2"): return verifyOTP(request)
        case ("POST", "/v1/account"): return answer(200, #"{"organizationId":"\#(EnclaveDouble.organization)"}"#)
        case ("POST", "/v1/signup_v2"):
            return answer(200, #"{"organizationId":"\#(EnclaveDouble.organization)","userId":"u-1"}"#)
        case ("POST", "/v1/otp_login_v2"): return logIn(request)
        default: return answer(404, #"{"code":"not_found","detail":"Nothing is here."}"#)
        }
    }

    private func publish() -> TransportResponse {
        guard let directory else { return answer(404, "{}") }
        return answer(
            200,
            EnclaveDouble.directory(
                signer: directory.signer ?? enclave.signer, notary: directory.notary ?? enclave.notary,
                directory.endorsements))
    }

    func answer(_ status: Int, _ body: String) -> TransportResponse {
        TransportResponse(status: status, headers: ["X-Request-Id": "played"], body: Data(body.utf8))
    }
}

/// Our own API.
extension PlayedServer {
    private func challenge() -> TransportResponse {
        let content = content(EnclaveDouble.workspace, "ch_1")
        let token = lies.change(
            (lies.signer ?? enclave.signer).token(
                type: TargetToken.type, TargetToken.payload(content, issuer: EnclaveDouble.issuer)))
        return answer(
            201,
            """
            {"id":"ch_1","channel":"email","target":"\(token)","expires_at":"2026-11-21T08:10:00Z"\
            \(lies.testCode.map { #","code":"\#($0)""# } ?? "")}
            """)
    }

    func content(_ organization: String, _ challenge: String) -> TargetBundle.Content {
        TargetBundle.Content(
            target: enclave.target.publicKey, organization: lies.organization ?? organization,
            challenge: lies.challenge ?? challenge,
            expiresAt: (Int64(surroundings.now.timeIntervalSince1970) + lies.lifetime) * 1000)
    }

    private func attempt(_ request: TransportRequest) -> TransportResponse {
        guard let key = request["encapsulated_key"].flatMap({ try? Base64URL.decode($0) }),
            let ciphertext = request["ciphertext"].flatMap({ try? Base64URL.decode($0) }),
            let point = try? P256PublicKey(point: key),
            let sealed = try? SealedAttempt(encapsulatedKey: point, ciphertext: ciphertext)
        else { return answer(422, #"{"code":"invalid_field","detail":"No attempt."}"#) }
        guard opens(sealed) else {
            return answer(400, #"{"code":"invalid_code","detail":"The code is wrong.","attempts_remaining":2}"#)
        }
        return answer(200, #"{"verification_token":"verification-token","expires_at":"2026-11-21T09:00:00Z"}"#)
    }

    func opens(_ sealed: SealedAttempt) -> Bool {
        guard let content = try? enclave.target.open(sealed) else { return false }
        note { $0.opened.append(content) }
        return content.code == Self.code
    }

    private func openSession(_ request: TransportRequest) -> TransportResponse {
        guard proves(request, token: "verification-token") else {
            return answer(400, #"{"code":"invalid_dpop_proof","detail":"No."}"#)
        }
        return answer(
            201,
            """
            {"session":{"id":"se_1","created_at":"2026-11-21T08:00:00Z","expires_at":"2026-11-21T08:15:00Z"},\
            "session_token":"session-token","token_type":"DPoP","user":{"id":"u-1","created":true}}
            """)
    }

    private func currentSession(_ request: TransportRequest) -> TransportResponse {
        guard request.headers["Authorization"] == "DPoP session-token", proves(request, token: "session-token") else {
            return answer(401, #"{"code":"invalid_dpop_proof","detail":"No."}"#)
        }
        return answer(200, #"{"session":{"id":"se_1","expires_at":"2026-11-21T08:15:00Z"},"user":{"id":"u-1"}}"#)
    }

    private func proves(_ request: TransportRequest, token: String) -> Bool {
        guard let text = request.headers["DPoP"], let proof = try? PossessionProof(text) else { return false }
        note { $0.proofs.append(proof) }
        let expectation = PossessionProof.Expectation(
            method: request.method, addresses: [request.url.absoluteString], token: token)
        return (try? proof.check(expectation, now: Int64(surroundings.now.timeIntervalSince1970))) != nil
    }
}

/// The auth proxy.
extension PlayedServer {
    private func initOTP() -> TransportResponse {
        let content = content(EnclaveDouble.organization, "otp-1")
        let signer = lies.signer ?? enclave.signer
        let bundle = TargetBundle(
            data: content.json, signature: signer.signature(content.json).der, signer: signer.point)
        return answer(200, Self.json(["otpId": "otp-1", "otpEncryptionTargetBundle": lies.change(bundle.text)]))
    }

    private func verifyOTP(_ request: TransportRequest) -> TransportResponse {
        guard let sealed = request["encryptedOtpBundle"].flatMap({ try? SealedAttempt(bundle: $0) }), opens(sealed),
            let key = seen.opened.last?.publicKey
        else {
            return answer(
                400,
                """
                {"code":3,"message":"Invalid OTP code","turnkeyErrorCode":"INVALID_OTP_CODE","details":[{\
                "@type":"type.googleapis.com/errors.v1.TurnkeyErrorDetail","turnkeyErrorCode":"INVALID_OTP_CODE",\
                "attemptsRemaining":2}]}
                """)
        }
        let token = enclave.verificationToken(
            identifier: "vt-1", key: lies.verifiedKey ?? key, expiresAt: surroundings.now.addingTimeInterval(3600))
        return answer(200, Self.json(["verificationToken": token]))
    }

    private func logIn(_ request: TransportRequest) -> TransportResponse {
        let key = lies.sessionKey?.compressedHexadecimal ?? request["publicKey"] ?? ""
        let session = enclave.session(
            key: key, expiresAt: surroundings.now.addingTimeInterval(900), hashes: lies.hashes,
            notary: lies.notary)
        return answer(200, Self.json(["session": session]))
    }

    static func json(_ members: [String: String]) -> String {
        String(decoding: (try? JSONEncoder().encode(members)) ?? Data(), as: UTF8.self)
    }
}
