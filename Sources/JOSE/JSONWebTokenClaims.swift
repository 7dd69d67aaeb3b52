/// The claims of a token (RFC 7519 §4), checked for type but not yet for value.
public struct JSONWebTokenClaims: Sendable, Hashable {
    /// `iss`.
    public let issuer: String?
    /// `sub`.
    public let subject: String?
    /// `aud`: one text or a list of texts, as a list; empty where the claim is missing.
    public let audience: [String]
    /// `exp` in seconds since 1970.
    public let expiration: Double?
    /// `nbf` in seconds since 1970.
    public let notBefore: Double?
    /// `iat` in seconds since 1970; informative, a value slightly in the future is no error.
    public let issuedAt: Double?
    /// `jti`.
    public let identifier: String?
    private let object: JSONValue

    /// Reads claims from JSON text.
    /// - Throws: ``JOSEError``: what JSON reading throws, or `malformedClaims`.
    public init(json: [UInt8]) throws(JOSEError) {
        let object = try JSONValue(parsing: json)
        guard object.members != nil else { throw JOSEError(.malformedClaims) }
        issuer = try Self.text("iss", of: object)
        subject = try Self.text("sub", of: object)
        audience = try Self.audience(of: object)
        expiration = try Self.date("exp", of: object)
        notBefore = try Self.date("nbf", of: object)
        issuedAt = try Self.date("iat", of: object)
        identifier = try Self.text("jti", of: object)
        self.object = object
    }

    /// The value of any claim, or nil.
    public subscript(name: String) -> JSONValue? { object[name] }

    private static func text(_ name: String, of object: JSONValue) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.text else { throw JOSEError(.malformedClaims) }
        return text
    }

    private static func date(_ name: String, of object: JSONValue) throws(JOSEError) -> Double? {
        guard let value = object[name] else { return nil }
        guard let seconds = value.double else { throw JOSEError(.malformedClaims) }
        return seconds
    }

    private static func audience(of object: JSONValue) throws(JOSEError) -> [String] {
        guard let value = object["aud"] else { return [] }
        if let text = value.text { return [text] }
        guard let elements = value.elements else { throw JOSEError(.malformedClaims) }
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw JOSEError(.malformedClaims) }
        return texts
    }
}
