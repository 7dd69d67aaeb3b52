/// Why a key, a signature or a token was refused.
///
/// Two errors are equal when their codes are equal; `file` and `line` say where the refusal was raised and are for
/// logs only. No error carries a byte of the input.
public struct JOSEError: Error, Sendable, Equatable, Hashable, CustomStringConvertible {
    /// What was wrong, stable across releases.
    public enum Code: String, Sendable, CaseIterable {
        /// Not base64url without padding (RFC 7515 §2), or trailing bits that are not zero.
        case notBase64URL
        /// Not JSON text (RFC 8259), or not UTF-8.
        case notJSON
        /// An object names one member twice (RFC 7515 §4: header parameter names must be unique).
        case duplicateMember
        /// Longer or deeper than the limit of the reader.
        case tooLarge
        /// A number that an IEEE 754 double cannot hold, where canonical text (RFC 8785 §3.1) or exact reading is asked for.
        case inexactNumber
        /// A key lacks a member, or a member has the wrong type or range (RFC 7517, RFC 7518 §6).
        case malformedKey
        /// A key type, curve, use or algorithm that this module does not handle.
        case unsupportedKey
        /// An RSA modulus below 2048 bits or above 8192 bits (RFC 7518 §3.3).
        case keySizeNotAllowed
        /// An RSA modulus of a generator whose keys can be factored (CVE-2017-15361).
        case weakKey
        /// A private or symmetric key where only public keys may stand.
        case privateKeyMaterial
        /// Two keys of one set carry the same `kid`.
        case duplicateKeyIdentifier
        /// Not three parts of a compact JWS (RFC 7515 §7.1), or a header with wrong types.
        case malformedSignature
        /// `alg` is missing from the allow-list; `none` can never be on it.
        case algorithmNotAllowed
        /// `crit` is present: no extension is implemented (RFC 7515 §4.1.11).
        case unknownCriticalHeader
        /// No key of the set fits the header's `kid` and `alg`.
        case unknownKey
        /// The signature does not fit the key and the signed bytes.
        case signatureInvalid
        /// The claims are not a JSON object, or a registered claim has the wrong type (RFC 7519 §4.1).
        case malformedClaims
        /// `typ` is not the type that was asked for (RFC 8725 §3.11).
        case wrongType
        /// `iss` is not the expected issuer.
        case wrongIssuer
        /// `aud` does not name the expected audience.
        case wrongAudience
        /// `exp` has passed, or is missing.
        case expired
        /// `nbf` lies in the future.
        case notYetValid
    }

    /// What was wrong.
    public let code: Code
    /// The source file that raised the error.
    public let file: String
    /// The line in `file`.
    public let line: Int

    /// An error with `code`, raised at the caller's place.
    public init(_ code: Code, file: String = #fileID, line: Int = #line) {
        self.code = code
        self.file = file
        self.line = line
    }

    /// The code and the place, without any input.
    public var description: String { "\(code.rawValue) (\(file):\(line))" }

    /// Compares the codes only.
    public static func == (left: JOSEError, right: JOSEError) -> Bool { left.code == right.code }

    /// Hashes the code only.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
