import Crypto
import Encodings
import JOSE

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An attempt on its way to the enclave: HPKE, RFC 9180 base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
/// `info` = `turnkey_hpke`, additional data = `enc ‖ pkR`, sequence number 0.
public struct SealedAttempt: Equatable, Sendable {
    /// Bytes of ciphertext, the tag of 16 included.
    public static let ciphertextLengths = 17...512
    /// The HPKE `info`; the hosted service's, since its clients must work unchanged.
    public static let information = "turnkey_hpke"
    private static var suite: HPKE.Ciphersuite { .P256_SHA256_AES_GCM_256 }

    /// The encapsulated key, a point of the curve.
    public let encapsulatedKey: P256PublicKey
    /// Ciphertext and tag.
    public let ciphertext: [UInt8]

    /// - Throws: `malformedBundle` for a ciphertext that is too short or too long.
    public init(encapsulatedKey: P256PublicKey, ciphertext: [UInt8]) throws(SealedPasscodeError) {
        guard Self.ciphertextLengths.contains(ciphertext.count) else { throw SealedPasscodeError(.malformedBundle) }
        self.encapsulatedKey = encapsulatedKey
        self.ciphertext = ciphertext
    }

    /// Reads the dialect's `{"encappedPublic":"04…","ciphertext":"…"}`, in hexadecimal.
    /// - Throws: `malformedBundle`, `compressedPoint`, `malformedPoint`.
    public init(bundle text: String) throws(SealedPasscodeError) {
        guard let object = try? JSONValue(parsing: Array(text.utf8)), let key = object["encappedPublic"]?.text,
            let ciphertext = object["ciphertext"]?.text.flatMap({ Hexadecimal.decode($0) })
        else { throw SealedPasscodeError(.malformedBundle) }
        try self.init(encapsulatedKey: P256PublicKey(uncompressedHexadecimal: key), ciphertext: ciphertext)
    }

    /// The dialect's text.
    public var bundle: String {
        let ciphertext = Hexadecimal.encode(ciphertext)
        return #"{"encappedPublic":"\#(encapsulatedKey.uncompressedHexadecimal)","ciphertext":"\#(ciphertext)"}"#
    }

    /// Seals `content` to the target key of a challenge, as a client does.
    /// - Throws: `malformedPoint` if HPKE does not take the key.
    public static func seal(_ content: AttemptContent, to target: P256PublicKey) throws(SealedPasscodeError) -> Self {
        do {
            var sender = try HPKE.Sender(
                recipientKey: P256.KeyAgreement.PublicKey(x963Representation: target.uncompressed),
                ciphersuite: suite, info: Data(information.utf8))
            let encapsulated = Array(sender.encapsulatedKey)
            let ciphertext = try sender.seal(content.json, authenticating: encapsulated + target.uncompressed)
            return try Self(encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
        } catch let error as SealedPasscodeError {
            throw error
        } catch {
            throw SealedPasscodeError(.malformedPoint)
        }
    }

    /// Opens the attempt with a challenge's target key, as the enclave does. The code in the result is a secret.
    /// - Throws: `notOpened`; what reading the content throws.
    public func open(with target: P256.KeyAgreement.PrivateKey) throws(SealedPasscodeError) -> AttemptContent {
        let encapsulated = encapsulatedKey.uncompressed
        var plaintext: [UInt8] = []
        defer { plaintext.wipe() }
        do {
            var recipient = try HPKE.Recipient(
                privateKey: target, ciphersuite: Self.suite, info: Data(Self.information.utf8),
                encapsulatedKey: Data(encapsulated))
            let additional = encapsulated + target.publicKey.x963Representation
            var opened = try recipient.open(ciphertext, authenticating: additional)
            defer { opened.withUnsafeMutableBytes { $0.wipe() } }
            plaintext = Array(opened)
        } catch {
            throw SealedPasscodeError(.notOpened)
        }
        return try AttemptContent(json: plaintext)
    }
}

/// What is sealed: the code as the person typed it, and the client's key that the token shall be bound to.
public struct AttemptContent: Sendable, CustomStringConvertible, CustomReflectable {
    public let code: String
    public let publicKey: P256PublicKey

    public init(code: String, publicKey: P256PublicKey) {
        self.code = code
        self.publicKey = publicKey
    }

    /// Reads `{"otp_code":"…","public_key":"<66 hexadecimal digits>"}`; further members are ignored.
    /// - Throws: `malformedContent`; `uncompressedPoint` or `malformedPoint` for the key.
    public init(json: [UInt8]) throws(SealedPasscodeError) {
        guard let object = try? JSONValue(parsing: json), let code = object["otp_code"]?.text,
            let key = object["public_key"]?.text
        else { throw SealedPasscodeError(.malformedContent) }
        self.init(code: code, publicKey: try P256PublicKey(compressedHexadecimal: key))
    }

    var json: [UInt8] {
        Array(#"{"otp_code":\#(JSONText.quoted(code)),"public_key":"\#(publicKey.compressedHexadecimal)"}"#.utf8)
    }

    public var description: String { "<attempt>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
