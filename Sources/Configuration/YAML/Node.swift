/// A piece of a YAML file that knows its line.
struct Node: Sendable {
    enum Content: Sendable {
        /// A value as it was written. `isPlain` is false for a quoted one, which is text whatever it looks like.
        case scalar(String, isPlain: Bool)
        case sequence([Node])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let name: String
        let line: Int
        let value: Node
    }

    /// Counted from 1.
    let line: Int
    let content: Content

    /// Whether nothing stands there: `name:`, `name: ~` or `name: null`.
    var isEmpty: Bool {
        if case .scalar(let text, isPlain: true) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return false
    }
}
