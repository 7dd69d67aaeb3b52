/// The path of a route: literal parts, and parameters written `:name`, each standing for one part. A `/` at the end
/// makes it another path.
struct RoutePattern: Sendable {
    enum Part: Sendable, Equatable {
        case literal(String)
        case parameter(String)
    }

    let text: String
    let parts: [Part]
    let parameterNames: [String]

    init(_ text: String) throws(RouterError) {
        guard text.hasPrefix("/") else { throw .invalidPattern(text) }
        let names = text == "/" ? [] : text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        self.text = text
        parts = names.map { $0.hasPrefix(":") ? .parameter(String($0.dropFirst())) : .literal(String($0)) }
        parameterNames = parts.compactMap { part in
            if case .parameter(let name) = part { name } else { nil }
        }
        let named = parts.count > 1 && parts.last == .literal("") ? parts.dropLast() : parts[...]
        let isComplete = !named.contains(.literal("")) && !parts.contains(.parameter(""))
        guard isComplete, Set(parameterNames).count == parameterNames.count else { throw .invalidPattern(text) }
    }
}
