import Configuration
import JOSE

/// Takes an object's members one by one, and keeps what is wrong with them: all of it, so that one answer tells all.
///
/// `scope_template` is read as `scopeTemplate`, and so on. A member that is null is absent.
struct DocumentReader {
    private(set) var faults: [PolicyError.Fault] = []
    private let path: String
    private var members: [(name: String, written: String, value: JSONValue)] = []
    private var known: [String] = []

    /// Reads `value`, which stands at `path`; the path is empty for the outermost.
    init(_ value: JSONValue, path: String = "") {
        self.path = path
        guard let written = value.members else {
            fault("", "must be an object")
            return
        }
        for member in written {
            let name = Self.camelCase(member.name)
            if members.contains(where: { $0.name == name }) { fault(member.name, "stands here a second time") }
            if member.value != .null { members.append((name, member.name, member.value)) }
        }
    }

    /// Notes that something is wrong with the member `name`, or with the whole where the name is empty.
    mutating func fault(_ name: String, _ message: String) {
        faults.append(.init(field: name.isEmpty ? path : field(name), message: message))
    }

    /// The full name of the member `name`.
    func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Notes what somebody else found.
    mutating func add(_ others: [PolicyError.Fault]) { faults.append(contentsOf: others) }

    /// The member `name`, which is known from now on.
    mutating func value(_ name: String) -> JSONValue? {
        known.append(name)
        return members.first { $0.name == name }?.value
    }

    /// A text with a number of characters in `lengths`.
    mutating func text(_ name: String, _ lengths: ClosedRange<Int>) -> String? {
        guard let value = value(name) else { return nil }
        if let text = value.text, lengths ~= text.count { return text }
        fault(name, "must be a text of \(lengths.lowerBound) to \(lengths.upperBound) characters")
        return nil
    }

    /// A text that has to be there.
    mutating func requiredText(_ name: String, _ lengths: ClosedRange<Int>) -> String? {
        if value(name) == nil { fault(name, "is missing") }
        return text(name, lengths)
    }

    /// A scope; nil where it is absent, or wrong.
    mutating func scope(_ name: String) -> Scope? { value(name).flatMap { scope($0, at: name) } }

    /// The scope that `value` is, which stands for the member `name`.
    mutating func scope(_ value: JSONValue, at name: String) -> Scope? {
        do throws(PolicyError) {
            return try Scope(value, field: field(name))
        } catch {
            add(error.faults)
            return nil
        }
    }

    /// True or false; false where it is absent.
    mutating func flag(_ name: String, default fallback: Bool = false) -> Bool {
        switch value(name) {
        case .boolean(let isSet): return isSet
        case nil: return fallback
        default:
            fault(name, "must be true or false")
            return fallback
        }
    }

    /// A whole number in `range`.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(name) else { return nil }
        if let number = ExactNumber(value)?.wholeNumber, range ~= number { return number }
        fault(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// Notes every member that nobody asked for.
    mutating func refuseUnknown() {
        for member in members where !known.contains(member.name) {
            let meant = Spelling.closest(to: member.name, among: known).map { "; did you mean \($0)?" } ?? ""
            fault(member.written, "is not known here\(meant)")
        }
    }

    /// `less_than` as `lessThan`.
    static func camelCase(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
