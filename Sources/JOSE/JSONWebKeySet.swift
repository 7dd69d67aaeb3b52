/// A set of public signature keys (RFC 7517 §5), each under its own `kid`.
public struct JSONWebKeySet: Sendable, Hashable {
    /// The keys in the order of the text.
    public let keys: [JSONWebKey]

    /// A set of `keys`.
    /// - Throws: ``JOSEError`` with `duplicateKeyIdentifier` where two keys share one `kid`.
    public init(_ keys: [JSONWebKey]) throws(JOSEError) {
        var identifiers: Set<String> = []
        for identifier in keys.compactMap(\.identifier) {
            guard identifiers.insert(identifier).inserted else { throw JOSEError(.duplicateKeyIdentifier) }
        }
        self.keys = keys
    }

    /// Reads a set from JSON text.
    ///
    /// A key of another type, use, curve, algorithm or size is left out, as RFC 7517 §5 asks; a private or symmetric
    /// key makes the whole set unusable, because whoever published it has lost it.
    /// - Throws: ``JOSEError``: what JSON reading throws, `malformedKey`, `privateKeyMaterial`,
    ///   `duplicateKeyIdentifier`.
    public init(json: [UInt8]) throws(JOSEError) {
        let value = try JSONValue(parsing: json)
        guard let elements = value["keys"]?.elements else { throw JOSEError(.malformedKey) }
        try self.init(Self.understood(elements))
    }

    private static func understood(_ elements: [JSONValue]) throws(JOSEError) -> [JSONWebKey] {
        var keys: [JSONWebKey] = []
        for element in elements {
            do { keys.append(try JSONWebKey(element)) } catch {
                guard error.code != .privateKeyMaterial else { throw error }
            }
        }
        return keys
    }

    /// The set as JSON text, without whitespace, in the order of `keys`.
    public var json: String { #"{"keys":[\#(keys.map(\.json).joined(separator: ","))]}"# }

    /// The key for a signature with this `kid` and `alg`.
    ///
    /// Without a `kid` the only key of that algorithm is taken; where there are several, none.
    public func key(identifier: String?, algorithm: SignatureAlgorithm) -> JSONWebKey? {
        let fitting = keys.filter { $0.algorithm == algorithm }
        if let identifier { return fitting.first { $0.identifier == identifier } }
        return fitting.count == 1 ? fitting[0] : nil
    }
}
