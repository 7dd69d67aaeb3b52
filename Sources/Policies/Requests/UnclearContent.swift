import JOSE

/// What no scope and no context may have, because two programs that read it could take it for different things.
enum UnclearContent {
    /// Whole numbers up to here are the same to every reader of JSON (RFC 7493 §2.2): a double holds each of them.
    private static let largest = 0x1p53
    private static let beyond = "must not have numbers beyond 2^53"

    /// What is wrong in `value`, at whatever depth, in words that follow the name of the whole; nil where nothing is.
    static func fault(in value: JSONValue) -> String? {
        switch value {
        case .null, .boolean, .string: return nil
        case .integer(let number): return number.magnitude > UInt64(largest) ? beyond : nil
        case .number(let number): return number.magnitude > largest ? beyond : nil
        case .array(let elements): return elements.lazy.compactMap(fault).first
        case .object(let members):
            if members.contains(where: { $0.name.hasControlCharacters }) {
                return "must not have names with control characters"
            }
            return members.lazy.compactMap { fault(in: $0.value) }.first
        }
    }
}
