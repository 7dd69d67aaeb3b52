import JOSE

/// How large a scope may be that somebody writes, so that comparing two takes milliseconds.
enum ScopeSize {
    static let mostNames = 64
    static let mostValuesOfList = 256
    /// Over all names: each takes a while to compile.
    static let mostPatterns = 8

    /// What is too large in `value`, and under which name.
    static func fault(in value: JSONValue) -> (name: String?, message: String)? {
        let members = value.members ?? []
        if members.count > mostNames { return (nil, "must have at most \(mostNames) names") }
        if let long = members.first(where: { ($0.value.elements?.count ?? 0) > mostValuesOfList }) {
            return (long.name, "must have at most \(mostValuesOfList) values")
        }
        let patterns = members.filter { $0.name.hasSuffix("_pattern") }.map { $0.value.elements?.count ?? 1 }
        return patterns.reduce(0, +) > mostPatterns ? (nil, "must have at most \(mostPatterns) patterns") : nil
    }
}
