import FoundationEssentials
import JOSE

/// A page of what the Agent OTP dialect lists.
struct DialectPage: Sendable {
    var items: [JSONValue]
    /// Pages in all.
    var pages: Int
}

/// Calls of the Agent OTP dialect, whose answers are in an envelope.
extension ServerConnection {
    private static let prefix = "/api/v1"

    /// What is in the envelope.
    func dialect(_ method: String, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        try await json(method, Self.prefix + path, body: body)["data"] ?? .null
    }

    /// A part of a list. `path` has no query yet; parameters that are nil are left out.
    func page(_ path: String, _ parameters: [(String, String?)] = []) async throws -> DialectPage {
        let query = parameters.compactMap { name, value in value.map { "\(name)=\(PathSegment($0))" } }
        let answer = try await json("GET", Self.prefix + path + "?" + query.joined(separator: "&"))
        return DialectPage(
            items: answer["data"]?.elements ?? [], pages: answer["meta"]?["totalPages"]?.double.map { Int($0) } ?? 1)
    }

    /// All of a list, page by page.
    func all(_ path: String, _ parameters: [(String, String?)] = []) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var number = 1
        while true {
            let page = try await page(path, parameters + [("limit", "100"), ("page", String(number))])
            items += page.items
            guard number < page.pages else { return items }
            number += 1
        }
    }
}

/// A text as one segment of a path: whatever somebody types, it leads to no other path.
struct PathSegment: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        let free = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~@".utf8)
        description = text.utf8.map { byte in
            free.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    /// The number, where it is whole.
    var wholeNumber: Int? { double.flatMap { Int(exactly: $0) } }

    /// Whether this is `true`.
    var isTrue: Bool { self == .boolean(true) }
}
