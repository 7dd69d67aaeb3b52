import CountersignClient
import Crypto
import Encodings
import Foundation
import JOSE
import SealedPasscodes

/// What the enclave does in the sealed flows, with keys of a test's own.
struct EnclaveDouble: Sendable {
    static let issuer = "https://login.example.com"
    static let workspace = "ws_00112233445566778899"
    static let organization = "00112233-4455-8667-8899-aabbccddeeff"

    let signer = SigningDouble()
    let notary = SigningDouble()
    let target = AgreementDouble()

    /// The dialect's verification token.
    func verificationToken(identifier: String, key: P256PublicKey, expiresAt: Date) -> String {
        let claims = """
            {"exp":"\(Int64(expiresAt.timeIntervalSince1970 * 1000))","id":"\(identifier)",\
            "organization_id":"\(Self.organization)","verification_type":"OTP_TYPE_EMAIL",\
            "contact":"ada@example.com","public_key":"\(key.compressedHexadecimal)"}
            """
        return signer.token(header: #"{"typ":"JWT","alg":"ES256"}"#, Array(claims.utf8))
    }

    /// The dialect's session, whose signature is over the double hash.
    func session(key: String, expiresAt: Date, hashes: Int, notary other: SigningDouble?) -> String {
        let claims = """
            {"exp":\(Int64(expiresAt.timeIntervalSince1970)),"public_key":"\(key)",\
            "session_type":"SESSION_TYPE_READ_WRITE","user_id":"u-1","organization_id":"\(Self.organization)"}
            """
        let input = JSONWebSignature.signingInput(
            header: Array(#"{"typ":"JWT","alg":"ES256"}"#.utf8), payload: Array(claims.utf8))
        let message = hashes == 2 ? Array(SHA256.hash(data: input)) : input
        return JSONWebSignature.assemble(signingInput: input, signature: (other ?? notary).signature(message).raw)
    }
}

/// A private signing key, kept as bytes because swift-crypto's keys do not cross threads.
struct SigningDouble: Sendable {
    private let bytes: Data
    let point: P256PublicKey

    init() {
        let key = P256.Signing.PrivateKey()
        bytes = key.rawRepresentation
        point = P256PublicKey(key.publicKey)
    }

    var publicKey: PublicKey {
        guard let key = try? PublicKey(point.uncompressedHexadecimal) else { preconditionFailure("a point is a key") }
        return key
    }

    func signature(_ message: [UInt8]) -> (raw: [UInt8], der: [UInt8]) {
        guard let signature = try? P256.Signing.PrivateKey(rawRepresentation: bytes).signature(for: message) else {
            preconditionFailure("a key signs")
        }
        return (Array(signature.rawRepresentation), Array(signature.derRepresentation))
    }

    /// A compact JWS that names its key.
    func token(type: String, _ payload: [UInt8]) -> String {
        token(header: #"{"alg":"ES256","kid":"\#(point.thumbprint)","typ":"\#(type)"}"#, payload)
    }

    func token(header: String, _ payload: [UInt8]) -> String {
        let input = JSONWebSignature.signingInput(header: Array(header.utf8), payload: payload)
        return JSONWebSignature.assemble(signingInput: input, signature: signature(input).raw)
    }

    /// `kid` and the key, as the server publishes it.
    var jwk: String {
        guard let key = try? JSONWebKey(p256Uncompressed: point.uncompressed) else {
            preconditionFailure("a point is a key")
        }
        return key.identifiedByThumbprint().json
    }

    /// The statement that `next` succeeds this key.
    func endorsement(
        of next: SigningDouble, purpose: String = "enclave", type: String = "key-endorsement+jwt",
        signedBy other: SigningDouble? = nil
    ) -> String {
        let claims = """
            {"iss":"\(EnclaveDouble.issuer)","iat":1795248000,"purpose":"\(purpose)",\
            "previous":{"jwk":\(jwk)},"next":{"jwk":\(next.jwk)}}
            """
        let header = #"{"alg":"ES256","kid":"\#(point.thumbprint)","typ":"\#(type)"}"#
        return (other ?? self).token(header: header, Array(claims.utf8))
    }
}

/// A private target key.
struct AgreementDouble: Sendable {
    private let bytes: Data
    let publicKey: P256PublicKey

    init() {
        let key = P256.Signing.PrivateKey()
        bytes = key.rawRepresentation
        publicKey = P256PublicKey(key.publicKey)
    }

    func open(_ attempt: SealedAttempt) throws -> AttemptContent {
        try attempt.open(with: P256.KeyAgreement.PrivateKey(rawRepresentation: bytes))
    }
}

extension EnclaveDouble {
    /// What `GET /.well-known/countersign` answers, as far as clients follow it.
    static func directory(signer: SigningDouble, notary: SigningDouble, _ endorsements: [String]) -> String {
        let tests = keys(signer: SigningDouble(), notary: SigningDouble())
        return """
            {"issuer":"\(issuer)","signer_keys":\(keys(signer: signer, notary: notary)),"test_signer_keys":\(tests),\
            "endorsements":[\(endorsements.map { "\"\($0)\"" }.joined(separator: ","))]}
            """
    }

    private static func keys(signer: SigningDouble, notary: SigningDouble) -> String {
        #"{"enclave":\#(pair(signer)),"notary":\#(pair(notary))}"#
    }

    private static func pair(_ current: SigningDouble) -> String {
        #"{"current":\#(key(current)),"next":\#(key(SigningDouble()))}"#
    }

    private static func key(_ key: SigningDouble) -> String {
        #"{"kid":"\#(key.point.thumbprint)","point":"\#(key.point.uncompressedHexadecimal)"}"#
    }
}
