import HTTPServer
import JOSE

/// The members of a JSON object of the dialect, read one by one, so that an error names the member. `null` counts as
/// absent, as typed clients write it for what they do not send; members that nobody asks for are ignored.
struct WireObject {
    private let value: JSONValue
    /// The object's own name with a dot, empty for the whole body.
    private let prefix: String

    /// Reads a body strictly: an object, no name twice. An empty body is an empty object, as some clients mean it.
    init(body: [UInt8]) throws(TurnkeyError) {
        guard !body.isEmpty else {
            self.init(value: .object([]), prefix: "")
            return
        }
        do {
            self.init(value: try JSONValue(parsing: body), prefix: "")
        } catch {
            throw switch error.code {
            case .duplicateMember: .malformedBody("a field of the body comes twice")
            case .tooLarge: .malformedBody("the body is too long or nested too deeply")
            default: .malformedBody("the body is not JSON")
            }
        }
        guard value.members != nil else { throw .malformedBody("the body is not a JSON object") }
    }

    private init(value: JSONValue, prefix: String) {
        self.value = value
        self.prefix = prefix
    }

    /// The member's name as errors give it.
    func name(_ member: String) -> String { prefix + member }

    func isAbsent(_ member: String) -> Bool { found(member) == nil }

    func object(_ member: String) throws(TurnkeyError) -> WireObject {
        guard let object = try optionalObject(member) else { throw .missing(name(member)) }
        return object
    }

    func optionalObject(_ member: String) throws(TurnkeyError) -> WireObject? {
        guard let value = found(member) else { return nil }
        guard value.members != nil else { throw .invalid(name(member), "must be an object") }
        return WireObject(value: value, prefix: name(member) + ".")
    }

    /// The objects of a list; none where it is absent.
    func objects(_ member: String, atMost limit: Int) throws(TurnkeyError) -> [WireObject] {
        guard let value = found(member) else { return [] }
        guard let elements = value.elements, elements.allSatisfy({ $0.members != nil }) else {
            throw .invalid(name(member), "must be a list of objects")
        }
        guard elements.count <= limit else { throw .invalid(name(member), "must have at most \(limit) elements") }
        return elements.enumerated().map { WireObject(value: $1, prefix: "\(name(member)).\($0).") }
    }

    func text(_ member: String, lengths: ClosedRange<Int> = 1...4096) throws(TurnkeyError) -> String {
        guard let text = try optionalText(member, lengths: lengths) else { throw .missing(name(member)) }
        return text
    }

    /// `lengths` in bytes of UTF-8.
    func optionalText(_ member: String, lengths: ClosedRange<Int> = 1...4096) throws(TurnkeyError) -> String? {
        guard let value = found(member) else { return nil }
        guard let text = value.text else { throw .invalid(name(member), "must be a string") }
        guard lengths.contains(text.utf8.count) else {
            throw .invalid(name(member), "must have \(lengths.lowerBound) to \(lengths.upperBound) bytes")
        }
        return text
    }

    /// A whole number, as such or as decimal digits in a string: the dialect's clients write both.
    func number(_ member: String, _ range: ClosedRange<Int64>) throws(TurnkeyError) -> Int64? {
        let number: Int64
        switch found(member) {
        case nil: return nil
        case .integer(let value): number = value
        case .string(let text) where text.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
            guard let value = Int64(text) else { fallthrough }
            number = value
        default: throw .invalid(name(member), "must be a whole number")
        }
        guard range.contains(number) else {
            throw .invalid(name(member), "must be \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ member: String, _ range: ClosedRange<Int>) throws(TurnkeyError) -> Int? {
        try number(member, Int64(range.lowerBound)...Int64(range.upperBound)).map { Int($0) }
    }

    func flag(_ member: String) throws(TurnkeyError) -> Bool? {
        switch found(member) {
        case nil: nil
        case .boolean(let flag): flag
        default: throw .invalid(name(member), "must be true or false")
        }
    }

    private func found(_ member: String) -> JSONValue? {
        guard let value = value[member], value != .null else { return nil }
        return value
    }
}
