import Encodings

/// What an agent wants to do: `category.operation`, such as `bank.transfer`.
public enum ActionName {
    /// The longest action, in characters.
    public static let longest = 255

    /// Whether `text` is two or more parts with dots between them, each of lower-case ASCII letters, digits, `_` and `-`.
    ///
    /// Nothing else is an action, so that no other spelling (`Bank.Transfer`) gets past a rule about this one.
    public static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= longest else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count >= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isPartOfName) }
    }

    /// Whether `text` can stand in an action.
    static func canContain(_ text: String) -> Bool {
        text.utf8.count <= longest && text.utf8.allSatisfy { isPartOfName($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte.isLowercaseLetter || byte.isDigit || byte.isOne(of: "_-")
    }
}
