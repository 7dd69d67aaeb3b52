import Encodings
import NIOHTTP1

/// A small JSON object, written member by member where an encoder would cost more than the answer that it writes.
///
/// The bytes are those of `Response.json(_:)` as long as the members are added in the order of their names.
public struct JSONObjectText: Sendable {
    private var members: [UInt8] = []

    /// An object without members.
    ///
    /// - Parameter capacity: bytes for which room is made at once.
    public init(capacity: Int = 128) {
        members.reserveCapacity(capacity)
    }

    /// The whole text.
    public var bytes: [UInt8] {
        members.isEmpty ? Array("{}".utf8) : members + [UInt8(ascii: "}")]
    }

    /// Adds a string; nothing where it is `nil`. The name is not escaped.
    public mutating func add(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        begin(name)
        JSONText.appendQuoted(text, to: &members)
    }

    /// Adds a number; nothing where it is `nil`.
    public mutating func add(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        begin(name)
        members.append(contentsOf: String(number).utf8)
    }

    /// Adds `true` or `false`.
    public mutating func add(_ name: StaticString, _ truth: Bool) {
        begin(name)
        members.append(contentsOf: (truth ? "true" : "false").utf8)
    }

    /// Adds an object.
    public mutating func add(_ name: StaticString, _ object: JSONObjectText) {
        begin(name)
        members.append(contentsOf: object.bytes)
    }

    /// Adds a list of objects.
    public mutating func add(_ name: StaticString, _ objects: [JSONObjectText]) {
        begin(name)
        members.append(UInt8(ascii: "["))
        for (place, object) in objects.enumerated() {
            if place > 0 { members.append(UInt8(ascii: ",")) }
            members.append(contentsOf: object.bytes)
        }
        members.append(UInt8(ascii: "]"))
    }

    /// Adds a value that is JSON already; nothing where it is `nil`. The text is not checked.
    public mutating func add(_ name: StaticString, json text: String?) {
        guard let text else { return }
        begin(name)
        members.append(contentsOf: text.utf8)
    }

    /// Adds a value that is JSON already, under a name that nobody knew beforehand. The text is not checked.
    public mutating func add(named name: String, json text: String) {
        members.append(UInt8(ascii: members.isEmpty ? "{" : ","))
        JSONText.appendQuoted(name, to: &members)
        members.append(UInt8(ascii: ":"))
        members.append(contentsOf: text.utf8)
    }

    private mutating func begin(_ name: StaticString) {
        members.append(UInt8(ascii: members.isEmpty ? "{" : ","))
        members.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { members.append(contentsOf: $0) }
        members.append(UInt8(ascii: "\""))
        members.append(UInt8(ascii: ":"))
    }
}

extension Response {
    /// An answer with this object as its JSON body.
    public static func json(_ object: JSONObjectText, status: HTTPResponseStatus = .ok) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: .bytes(object.bytes))
    }
}
