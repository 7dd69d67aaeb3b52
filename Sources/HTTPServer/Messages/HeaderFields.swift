import NIOHTTP1

/// The header fields of a message, in the order they were sent. Names are compared without regard to case
/// (RFC 9110, section 5.1).
public struct HeaderFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    var wrapped: HTTPHeaders

    init(wrapping headers: HTTPHeaders) {
        wrapped = headers
    }

    /// No fields.
    public init() {
        wrapped = HTTPHeaders()
    }

    /// The fields of a literal, in its order. A name may occur more than once.
    public init(dictionaryLiteral elements: (String, String)...) {
        wrapped = HTTPHeaders(elements)
    }

    /// The value of the first field with this name. Setting replaces every field with the name; `nil` removes them.
    public subscript(name: String) -> String? {
        get { wrapped.first(name: name)?.withoutTrailingSpace }
        set {
            if let newValue {
                wrapped.replaceOrAdd(name: name, value: newValue)
            } else {
                wrapped.remove(name: name)
            }
        }
    }

    /// The values of all fields with this name, one for each line that was sent, not split at commas.
    public func values(_ name: String) -> [String] {
        let values = wrapped[name]
        return values.allSatisfy(\.hasNoTrailingSpace) ? values : values.map(\.withoutTrailingSpace)
    }

    /// Whether there is a field with this name.
    public func contains(_ name: String) -> Bool {
        wrapped.contains(name: name)
    }

    /// Adds a field and keeps those that have the same name.
    public mutating func add(_ name: String, _ value: String) {
        wrapped.add(name: name, value: value)
    }

    /// The number of fields.
    public var count: Int { wrapped.count }

    /// Whether there is no field.
    public var isEmpty: Bool { wrapped.isEmpty }
}

extension HeaderFields: Sequence {
    /// The fields as pairs of name and value.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        wrapped.makeIterator()
    }
}
