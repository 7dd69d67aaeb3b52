/// A piece of a YAML file that knows its line: for files whose content has rules that no `Section` knows.
public struct YAMLNode: Sendable {
    /// What stands there.
    public enum Content: Sendable {
        /// A value as it was written. `isPlain` is false for a quoted one, which is text whatever it looks like.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the order of the file; no name stands there twice.
        case mapping([Entry])
    }

    /// A name and what it stands for.
    public struct Entry: Sendable {
        public let name: String
        /// Of the name, counted from 1.
        public let line: Int
        public let value: YAMLNode
    }

    /// Counted from 1.
    public let line: Int
    public let content: Content

    /// Whether nothing stands there: `name:`, `name: ~` or `name: null`.
    public var isEmpty: Bool {
        if case .scalar(let text, isPlain: true) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return false
    }
}
