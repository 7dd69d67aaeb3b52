/// The protected header of a compact signature (RFC 7515 §4), reduced to the members that may have a say.
///
/// `jku`, `jwk`, `x5u`, `x5c` and `x5t` are not even kept: a token never chooses where its key comes from
/// (RFC 8725 §3.10).
public struct JSONWebSignatureHeader: Sendable, Hashable {
    /// `alg`, one of those this module knows.
    public let algorithm: SignatureAlgorithm
    /// `kid`, or nil.
    public let keyIdentifier: String?
    /// `typ` as it stands in the token, or nil.
    public let type: String?

    /// Reads a header from JSON text.
    /// - Throws: ``JOSEError``: what JSON reading throws, `malformedSignature`, `unknownCriticalHeader` or
    ///   `algorithmNotAllowed`.
    public init(json: [UInt8]) throws(JOSEError) {
        let value = try JSONValue(parsing: json)
        guard value.members != nil, let name = value["alg"]?.text else { throw JOSEError(.malformedSignature) }
        // No extension is implemented, so each critical one is unknown (RFC 7515 §4.1.11).
        guard value["crit"] == nil else { throw JOSEError(.unknownCriticalHeader) }
        guard let algorithm = SignatureAlgorithm(rawValue: name) else { throw JOSEError(.algorithmNotAllowed) }
        self.algorithm = algorithm
        keyIdentifier = try Self.optionalText("kid", of: value)
        type = try Self.optionalText("typ", of: value)
    }

    /// Whether `typ` names `expected`; case does not count and `application/` may be left out (RFC 7515 §4.1.9).
    public func isOfType(_ expected: String) -> Bool {
        guard let type else { return false }
        return Self.mediaType(type) == Self.mediaType(expected)
    }

    private static func mediaType(_ name: String) -> String {
        let name = name.lowercased()
        return name.contains("/") ? name : "application/\(name)"
    }

    private static func optionalText(_ name: String, of value: JSONValue) throws(JOSEError) -> String? {
        guard let member = value[name] else { return nil }
        guard let text = member.text else { throw JOSEError(.malformedSignature) }
        return text
    }
}
