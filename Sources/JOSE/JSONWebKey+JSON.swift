import Encodings

extension JSONWebKey {
    /// Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
    private static let privateMembers: Set<String> = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    /// The key as JSON text, without whitespace, always in this order: `kty`, `use`, `alg`, `kid`, then the numbers.
    public var json: String {
        let kid = identifier.map { #""kid":\#(JSONText.quoted($0)),"# } ?? ""
        let numbers =
            switch material {
            case .rsa(let modulus, let exponent):
                #""n":"\#(Base64URL.encode(modulus))","e":"\#(Base64URL.encode(exponent))""#
            case .p256(let x, let y):
                #""crv":"P-256","x":"\#(Base64URL.encode(x))","y":"\#(Base64URL.encode(y))""#
            }
        return #"{"kty":"\#(keyType)","use":"sig","alg":"\#(algorithm.rawValue)",\#(kid)\#(numbers)}"#
    }

    private var keyType: String {
        switch material {
        case .rsa: "RSA"
        case .p256: "EC"
        }
    }

    /// Reads a public signature key from JSON text. Members that RFC 7517 does not know are ignored.
    /// - Throws: ``JOSEError``: what JSON reading throws, `privateKeyMaterial`, `unsupportedKey`, `malformedKey`,
    ///   `keySizeNotAllowed`, `weakKey` or `notBase64URL`.
    public init(json: [UInt8]) throws(JOSEError) { try self.init(JSONValue(parsing: json)) }

    /// Reads a public signature key from a parsed JSON object.
    /// - Throws: ``JOSEError`` as ``init(json:)`` does.
    public init(_ value: JSONValue) throws(JOSEError) {
        guard let members = value.members else { throw JOSEError(.malformedKey) }
        guard !members.contains(where: { Self.privateMembers.contains($0.name) }) else {
            throw JOSEError(.privateKeyMaterial)
        }
        let identifier = try Self.optionalText("kid", of: value)
        switch try Self.text("kty", of: value) {
        case "RSA":
            try self.init(
                rsaModulus: Self.unsignedNumber("n", of: value), exponent: Self.unsignedNumber("e", of: value),
                identifier: identifier)
        case "EC":
            guard try Self.text("crv", of: value) == "P-256" else { throw JOSEError(.unsupportedKey) }
            try self.init(
                p256X: Self.octets("x", of: value), y: Self.octets("y", of: value), identifier: identifier)
        default: throw JOSEError(.unsupportedKey)
        }
        try checkPurpose(value)
    }

    private func checkPurpose(_ value: JSONValue) throws(JOSEError) {
        if let use = try Self.optionalText("use", of: value), use != "sig" { throw JOSEError(.unsupportedKey) }
        if let name = try Self.optionalText("alg", of: value), name != algorithm.rawValue {
            throw JOSEError(.unsupportedKey)
        }
        guard let operations = value["key_ops"] else { return }
        guard let names = operations.elements else { throw JOSEError(.malformedKey) }
        guard names.contains(.string("verify")) else { throw JOSEError(.unsupportedKey) }
    }

    private static func optionalText(_ name: String, of value: JSONValue) throws(JOSEError) -> String? {
        guard let member = value[name] else { return nil }
        guard let text = member.text else { throw JOSEError(.malformedKey) }
        return text
    }

    private static func text(_ name: String, of value: JSONValue) throws(JOSEError) -> String {
        guard let text = try optionalText(name, of: value) else { throw JOSEError(.malformedKey) }
        return text
    }

    private static func octets(_ name: String, of value: JSONValue) throws(JOSEError) -> [UInt8] {
        try Base64URL.decode(text(name, of: value))
    }

    /// A Base64urlUInt: the shortest form only, so that a key has one text and one thumbprint (RFC 7518 §2).
    private static func unsignedNumber(_ name: String, of value: JSONValue) throws(JOSEError) -> [UInt8] {
        let bytes = try octets(name, of: value)
        guard let first = bytes.first, first != 0 else { throw JOSEError(.malformedKey) }
        return bytes
    }
}
