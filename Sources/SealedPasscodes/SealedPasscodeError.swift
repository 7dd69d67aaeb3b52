/// What is wrong with a key, a bundle, an attempt or a proof of the sealed flow. Equal by code; carries no byte of what
/// was read.
public struct SealedPasscodeError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, CaseIterable, Sendable {
        /// Not hexadecimal or base64url, a wrong length, or no point of P-256.
        case malformedPoint
        /// 65 bytes where 33 are due.
        case uncompressedPoint
        /// 33 bytes where 65 are due.
        case compressedPoint
        /// A bundle is not the JSON that it should be, or one of its fields is not hexadecimal.
        case malformedBundle
        /// A bundle's version is none that this side knows.
        case unknownVersion
        /// A bundle names another signer than the pinned one.
        case wrongSigner
        /// A bundle's or token's signature does not hold.
        case signatureInvalid
        /// A bundle is for another challenge or organization than the one that was asked for.
        case wrongChallenge
        /// A bundle or proof is too old, or from the future.
        case expired
        /// The ciphertext was not sealed to this key, or was changed.
        case notOpened
        /// What was sealed is not `{"otp_code","public_key"}`.
        case malformedContent
        /// A proof of possession is not a DPoP proof (RFC 9449 §4.2), or proves something else.
        case malformedProof
        case wrongMethod
        case wrongAddress
        case wrongToken
    }

    public let code: Code
    /// Where it was raised, for the log.
    public let place: String

    public init(_ code: Code, file: String = #fileID, line: Int = #line) {
        self.code = code
        place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(code.rawValue) (\(place))" }
}
