import Encodings
import JOSE
import Permissions

/// A `max_…` of a request that the approver may lower before approving.
struct NarrowableLimit: Sendable, Equatable {
    /// Limits that a page offers, at most: more would hide what there is to read.
    fileprivate static let most = 8
    private static let names = 1...64

    /// Of letters, digits and `_` only: an agent's other names are shown in the statement, where they are quoted.
    let name: String
    /// The most that can be granted.
    let value: JSONValue

    /// As the form shows it and, untouched, sends it.
    var text: String { value.description }
    /// The form's field.
    var field: String { "limit:\(name)" }

    fileprivate static func isOffered(_ name: String) -> Bool {
        name.hasPrefix("max_") && names.contains(name.utf8.count)
            && name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
    }
}

extension [NarrowableLimit] {
    /// Those of a pending request, in its order.
    static func all(of permission: Permission) throws(PermissionError) -> Self {
        let members = try permission.granted?.value().members ?? []
        return members.filter { NarrowableLimit.isOffered($0.name) && $0.value.double != nil }
            .prefix(NarrowableLimit.most).map { NarrowableLimit(name: $0.name, value: $0.value) }
    }
}
