import Configuration
import HTTPServer
import JOSE
import Permissions
import Policies

/// Reads the members of a request's JSON object and collects what is wrong with them, so that one answer names all of
/// it. `null` counts as absent, as typed clients write it for what they do not send; members that nobody asks for are
/// ignored, unless a handler refuses those that look like a misspelt one.
struct BodyReader {
    /// The whole object.
    let object: JSONValue
    private(set) var faults: [PolicyError.Fault] = []

    /// - Throws: `PermissionError` with `invalidFields` for a body that is no JSON object, that has a name twice or a
    ///   number that would be rounded, or that is nested deeper than 16. An empty body is an empty object.
    init(_ request: Request, within limits: JSONValue.Limits = .usual) throws(PermissionError) {
        let body = request.bodyBytes
        guard !body.isEmpty else {
            object = .object([])
            return
        }
        do {
            object = try JSONValue(parsing: body, within: limits, isExact: true)
        } catch {
            throw switch error.code {
            case .duplicateMember: .invalidField("body", "has a field twice")
            case .inexactNumber: .invalidField("body", "has a number with more digits than are kept")
            case .tooLarge: .invalidField("body", "is nested deeper than 16 or has too many fields")
            default: .invalidField("body", "must be JSON")
            }
        }
        guard object.members != nil else { throw .invalidField("body", "must be a JSON object") }
    }

    /// The member as it is; nil where it is absent.
    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    /// Whether the member was sent, `null` included: that removes what was there.
    func isSent(_ name: String) -> Bool { object[name] != nil }

    /// A text of so many characters (Unicode scalars) that has to be there; empty after a fault.
    mutating func text(_ name: String, _ lengths: ClosedRange<Int> = 1...4096) -> String {
        guard value(name) != nil else {
            fault(name, "is missing")
            return ""
        }
        return optionalText(name, lengths) ?? ""
    }

    mutating func optionalText(_ name: String, _ lengths: ClosedRange<Int> = 0...4096) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text else { return fault(name, "must be a text") }
        guard lengths.contains(text.unicodeScalars.count) else {
            return fault(name, "must have \(lengths.lowerBound) to \(lengths.upperBound) characters")
        }
        return text
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .integer(let number) = value, let number = Int(exactly: number), range.contains(number) else {
            return fault(name, "must be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .boolean(let flag) = value else { return fault(name, "must be true or false") }
        return flag
    }

    /// An object; an empty one where it is absent.
    mutating func objectOrEmpty(_ name: String) -> JSONValue {
        guard let value = value(name) else { return .object([]) }
        guard value.members != nil else { return fault(name, "must be an object") ?? .object([]) }
        return value
    }

    /// A list of texts; nil where it is absent.
    mutating func texts(_ name: String, atMost count: Int) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let texts = value.elements?.map(\.text), !texts.contains(nil), texts.count <= count else {
            return fault(name, "must be a list of at most \(count) texts")
        }
        return texts.compactMap { $0 }
    }

    @discardableResult
    mutating func fault<Value>(_ name: String, _ message: String) -> Value? {
        faults.append(.init(field: name, message: message))
        return nil
    }

    mutating func fault(_ name: String, _ message: String) { faults.append(.init(field: name, message: message)) }

    /// Refuses what looks like a misspelt member: a `scopes` that nobody reads would be a permission without limits.
    mutating func refuseMisspelt(_ known: [String]) {
        for member in object.members ?? [] where !known.contains(member.name) {
            guard let meant = Spelling.closest(to: member.name, among: known) else { continue }
            faults.append(.init(field: String(member.name.prefix(64)), message: "is unknown: did you mean \(meant)?"))
        }
    }

    /// Throws `invalidFields` with everything that was wrong.
    func check() throws(PermissionError) {
        guard faults.isEmpty else { throw .invalidFields(faults) }
    }
}
