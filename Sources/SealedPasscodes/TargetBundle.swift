import Encodings
import JOSE

/// The dialect's `otpEncryptionTargetBundle`: a challenge's target key, signed by the enclave's key that clients pin.
public struct TargetBundle: Equatable, Sendable {
    public static let version = "v1.0.0"

    /// What is signed.
    public struct Content: Equatable, Sendable {
        /// The key that attempts are sealed to.
        public var target: P256PublicKey
        public var organization: String
        /// The challenge that the key is for.
        public var challenge: String
        /// Unix milliseconds.
        public var expiresAt: Int64

        public init(target: P256PublicKey, organization: String, challenge: String, expiresAt: Int64) {
            self.target = target
            self.organization = organization
            self.challenge = challenge
            self.expiresAt = expiresAt
        }

        /// The bytes that the signature is over.
        public var json: [UInt8] {
            Array(
                """
                {"targetPublic":"\(target.uncompressedHexadecimal)","organizationId":\(JSONText.quoted(organization)),\
                "userId":"","otpId":\(JSONText.quoted(challenge)),"expiresAtMs":"\(expiresAt)"}
                """.utf8)
        }

        /// - Throws: `malformedBundle`, `malformedPoint`, `compressedPoint`.
        public init(json: [UInt8]) throws(SealedPasscodeError) {
            guard let object = try? JSONValue(parsing: json), let target = object["targetPublic"]?.text,
                let organization = object["organizationId"]?.text, let challenge = object["otpId"]?.text,
                let expiry = object["expiresAtMs"]?.text.flatMap({ Int64($0) })
            else { throw SealedPasscodeError(.malformedBundle) }
            self.init(
                target: try P256PublicKey(uncompressedHexadecimal: target), organization: organization,
                challenge: challenge, expiresAt: expiry)
        }
    }

    /// The signed bytes: `Content.json`.
    public let data: [UInt8]
    /// DER, ECDSA P-256 with SHA-256 over `data`.
    public let signature: [UInt8]
    public let signer: P256PublicKey

    public init(data: [UInt8], signature: [UInt8], signer: P256PublicKey) {
        self.data = data
        self.signature = signature
        self.signer = signer
    }

    /// Reads the dialect's JSON string.
    /// - Throws: `malformedBundle`, `unknownVersion`, `compressedPoint`, `malformedPoint`.
    public init(text: String) throws(SealedPasscodeError) {
        guard let object = try? JSONValue(parsing: Array(text.utf8)), let version = object["version"]?.text,
            let data = object["data"]?.text.flatMap({ Hexadecimal.decode($0) }),
            let signature = object["dataSignature"]?.text.flatMap({ Hexadecimal.decode($0) }),
            let signer = object["enclaveQuorumPublic"]?.text
        else { throw SealedPasscodeError(.malformedBundle) }
        guard version == Self.version else { throw SealedPasscodeError(.unknownVersion) }
        self.init(
            data: data, signature: signature, signer: try P256PublicKey(uncompressedHexadecimal: signer))
    }

    /// The dialect's JSON string.
    public var text: String {
        """
        {"version":"\(Self.version)","data":"\(Hexadecimal.encode(data))",\
        "dataSignature":"\(Hexadecimal.encode(signature))","enclaveQuorumPublic":"\(signer.uncompressedHexadecimal)"}
        """
    }

    /// What the bundle says, once it is known to be the pinned signer's, for this challenge, and alive at `now`.
    /// - Throws: `wrongSigner`, `signatureInvalid`, `wrongChallenge`, `expired`, and what reading throws.
    public func verified(
        pinned: P256PublicKey, challenge: String, now: Int64
    ) throws(SealedPasscodeError) -> Content {
        guard signer == pinned else { throw SealedPasscodeError(.wrongSigner) }
        guard signer.isValidSignature(der: signature, for: data) else { throw SealedPasscodeError(.signatureInvalid) }
        let content = try Content(json: data)
        guard content.challenge == challenge else { throw SealedPasscodeError(.wrongChallenge) }
        guard now < content.expiresAt else { throw SealedPasscodeError(.expired) }
        return content
    }
}
