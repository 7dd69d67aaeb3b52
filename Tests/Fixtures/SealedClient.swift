import Crypto
import EnclaveLink
import Foundation
import JOSE
import Passcodes
import SealedPasscodes

/// A client of the sealed flows, as a browser or an app is one: it pins a key, seals its codes, and signs with a key of
/// its own.
public struct SealedClient: Sendable {
    private let secret: [UInt8]
    public let key: P256PublicKey

    public init() throws {
        let privateKey = P256.Signing.PrivateKey()
        secret = Array(privateKey.rawRepresentation)
        key = try P256PublicKey(point: Array(privateKey.publicKey.x963Representation))
    }

    /// Opens a bundle as a client does, with the key that it pins, and seals a code to what is in it.
    public func seal(
        _ code: String, to dispatch: SealedDispatch, flow: SealedFlow, pinned: P256PublicKey, now: Int64
    ) throws -> SealedAttempt {
        let target = try Self.target(of: dispatch, flow: flow, pinned: pinned, now: now).target
        return try SealedAttempt.seal(AttemptContent(code: code, publicKey: key), to: target)
    }

    /// What a bundle says, once the pinned key's signature was checked. `now` is in Unix milliseconds.
    public static func target(
        of dispatch: SealedDispatch, flow: SealedFlow, pinned: P256PublicKey, now: Int64
    ) throws -> TargetBundle.Content {
        switch flow {
        case .turnkey:
            try TargetBundle(text: dispatch.targetBundle)
                .verified(pinned: pinned, challenge: dispatch.identifier, now: now)
        case .countersign:
            try TargetToken(dispatch.targetBundle, pinned: pinned, challenge: dispatch.identifier, now: now).content
        }
    }

    /// A message with this client's signature over its bytes.
    public func sign(_ message: String, as encoding: SignedMessage.Encoding = .raw) throws -> SignedMessage {
        let signature = try signature(over: Array(message.utf8))
        return SignedMessage(
            key: key, message: Array(message.utf8),
            signature: Array(encoding == .raw ? signature.rawRepresentation : signature.derRepresentation),
            encoding: encoding)
    }

    /// The dialect's message for a login under `sessionKey`.
    public func login(sessionKey: P256PublicKey, tokenIdentifier: String) throws -> SignedMessage {
        try sign(
            """
            {"login":{"publicKey":"\(sessionKey.compressedHexadecimal)"},"tokenId":"\(tokenIdentifier)",\
            "type":"USAGE_TYPE_LOGIN"}
            """)
    }

    /// The dialect's message for a sign-up. `content` is a JSON object.
    public func signUp(_ content: String = "{}", tokenIdentifier: String) throws -> SignedMessage {
        try sign(#"{"signupV2":\#(content),"tokenId":"\#(tokenIdentifier)","type":"USAGE_TYPE_SIGNUP"}"#)
    }

    /// A DPoP proof for one request (RFC 9449). `now` is in Unix milliseconds.
    public func possession(
        method: String, address: String, token: String?, identifier: String = UUID().uuidString, now: Int64
    ) throws -> String {
        let input = PossessionProof.signingInput(
            key: key, method: method, address: address, token: token, identifier: identifier, issuedAt: now / 1000)
        return JSONWebSignature.assemble(
            signingInput: input, signature: Array(try signature(over: input).rawRepresentation))
    }

    private func signature(over message: [UInt8]) throws -> P256.Signing.ECDSASignature {
        try P256.Signing.PrivateKey(rawRepresentation: secret).signature(for: message)
    }
}
