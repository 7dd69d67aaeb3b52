import JOSE

extension JSONValue {
    /// Whether both say the same: texts byte by byte, numbers by value (`5` is `5.0`), objects whatever their order.
    ///
    /// Texts that only look alike to Unicode are not the same, as they are not to the service that acts on them.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.boolean(let one), .boolean(let other)): one == other
        case (.string(let one), .string(let other)): one.hasSameBytes(as: other)
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
        case (.object(let one), .object(let others)):
            one.count == others.count
                && one.allSatisfy { member in other[member.name].map(member.value.isSame) ?? false }
        default:
            if let one = ExactNumber(self), let other = ExactNumber(other) { one == other } else { false }
        }
    }

    /// Whether both are texts, both numbers, both true or false, both lists, or both objects.
    func isSameKind(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null), (.boolean, .boolean), (.string, .string), (.array, .array), (.object, .object),
            (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number):
            true
        default: false
        }
    }
}

extension String {
    /// Whether both have the same UTF-8. `==` would also take the two spellings of `é` for equal.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
