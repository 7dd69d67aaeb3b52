import Glibc
import JOSE

extension ConditionTest {
    /// Whether the test is true of `value`, which is nil where the request has none.
    func finding(for value: JSONValue?) -> Finding {
        guard let value else { return findingWithoutValue }
        switch self {
        // Null is neither there nor absent: whoever sends it must gain nothing by it.
        case .exists(let isThere): return value == .null ? .unsure : Finding(isThere)
        case .equals(let expected): return Self.equality(value, expected)
        case .notEquals(let expected): return Self.equality(value, expected).inverted
        case .isIn(let list): return Self.membership(value, list)
        case .notIn(let list): return Self.membership(value, list).inverted
        case .lessThan(let limit): return Self.order(value) { $0 < limit }
        case .greaterThan(let limit): return Self.order(value) { $0 > limit }
        case .lessThanOrEqual(let limit): return Self.order(value) { $0 <= limit }
        case .greaterThanOrEqual(let limit): return Self.order(value) { $0 >= limit }
        case .startsWith(let start): return Self.text(value) { $0.utf8.starts(with: start.utf8) }
        case .endsWith(let end): return Self.text(value) { $0.utf8.suffix(end.utf8.count).elementsEqual(end.utf8) }
        case .contains(let piece): return Self.containment(value, piece)
        case .matches(let pattern):
            guard case .string(let text) = value, let isFound = pattern.isFound(in: text) else { return .unsure }
            return Finding(isFound)
        }
    }

    private var findingWithoutValue: Finding {
        switch self {
        case .exists(let isThere): Finding(!isThere)
        case .notEquals, .notIn: .unsure
        default: .fails
        }
    }

    private static func equality(_ value: JSONValue, _ expected: JSONValue) -> Finding {
        value.isSameKind(as: expected) ? Finding(value.isSame(as: expected)) : .unsure
    }

    private static func membership(_ value: JSONValue, _ list: [JSONValue]) -> Finding {
        if list.contains(where: { value.isSame(as: $0) }) { return .holds }
        return list.contains { value.isSameKind(as: $0) } ? .fails : .unsure
    }

    private static func order(_ value: JSONValue, _ holds: (ExactNumber) -> Bool) -> Finding {
        ExactNumber(value).map { Finding(holds($0)) } ?? .unsure
    }

    private static func text(_ value: JSONValue, _ holds: (String) -> Bool) -> Finding {
        if case .string(let text) = value { Finding(holds(text)) } else { .unsure }
    }

    /// A piece of a text, or an element of a list. Of a list without it, one more element of another kind leaves it open
    /// whether something is hidden there.
    private static func containment(_ value: JSONValue, _ piece: JSONValue) -> Finding {
        switch (value, piece) {
        case (.string(let text), .string(let piece)): Finding(text.hasPiece(piece))
        case (.array(let elements), _):
            if elements.contains(where: { $0.isSame(as: piece) }) {
                .holds
            } else {
                elements.allSatisfy { $0.isSameKind(as: piece) } ? .fails : .unsure
            }
        default: .unsure
        }
    }
}

extension String {
    /// Whether the bytes of `piece` stand somewhere in this text.
    fileprivate func hasPiece(_ piece: String) -> Bool {
        var text = self
        var piece = piece
        return text.withUTF8 { text in
            piece.withUTF8 { piece in
                guard let start = text.baseAddress, let wanted = piece.baseAddress, piece.count <= text.count else {
                    return piece.isEmpty
                }
                return (0...(text.count - piece.count)).contains { memcmp(start + $0, wanted, piece.count) == 0 }
            }
        }
    }
}
