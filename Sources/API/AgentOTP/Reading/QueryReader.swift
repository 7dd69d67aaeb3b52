import HTTPServer
import Permissions
import Policies

/// Reads the parameters behind a path's `?`.
struct QueryReader {
    private let query: QueryParameters

    init(_ request: Request) { query = request.query }

    /// `page` and `limit`. Throws `invalidFields`.
    func page() throws(PermissionError) -> PageWish {
        try PageWish(page: number("page") ?? 1, limit: number("limit") ?? PageWish.usualLimit)
    }

    /// Nil where it is absent or empty.
    func text(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A whole number; nil where it is absent. Throws `invalidFields`.
    func number(_ name: String) throws(PermissionError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            throw .invalidField(name, "must be a whole number")
        }
        return number
    }

    /// One of the cases of a type; nil where it is absent. Throws `invalidFields` with the cases that there are.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(PermissionError) -> Choice? where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidField(name, "must be one of \(all)")
        }
        return choice
    }

    /// A time as RFC 3339 writes it, or a day; Unix milliseconds. Throws `invalidFields`.
    func time(_ name: String) throws(PermissionError) -> Int64? {
        guard let text = text(name) else { return nil }
        guard let time = WireTime.milliseconds(text) else {
            throw .invalidField(name, "must be a time such as 2026-11-21T12:00:00Z")
        }
        return time
    }
}
