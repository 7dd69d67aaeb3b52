/// The part of a request's target after `?`, read as `application/x-www-form-urlencoded`.
///
/// Nothing is decoded before it is asked for. A pair with a broken percent-encoding, or one that is no UTF-8,
/// counts as absent.
public struct QueryParameters: Sendable, Equatable {
    /// The text after `?`, as it was sent; empty where there is none.
    public let raw: String

    init(raw: String) {
        self.raw = raw
    }

    /// The first value with this name; the empty string for a name without `=`.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// Every value with this name, in order.
    public func values(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// The names in order, each as often as it was sent.
    public var names: [String] { pairs.map(\.name) }

    /// Whether nothing was sent.
    public var isEmpty: Bool { raw.isEmpty }

    /// The names, as they were sent, of the pairs that count as absent because they cannot be decoded.
    public var undecodable: [String] {
        pieces.compactMap { Self.decode($0) == nil ? String(decoding: $0[0], as: UTF8.self) : nil }
    }

    private var pairs: [(name: String, value: String)] { pieces.compactMap(Self.decode) }

    /// Of each pair the name, and the value where there is a `=`.
    private var pieces: [[Substring.UTF8View]] {
        raw[...].utf8.split(separator: UInt8(ascii: "&")).map { pair in
            pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        }
    }

    private static func decode(_ piece: [Substring.UTF8View]) -> (name: String, value: String)? {
        guard let name = PercentEncoding.decode(piece[0], plusIsSpace: true) else { return nil }
        guard piece.count == 2 else { return (name, "") }
        guard let value = PercentEncoding.decode(piece[1], plusIsSpace: true) else { return nil }
        return (name, value)
    }
}
