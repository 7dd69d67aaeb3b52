import Encodings

/// A value that a template may show, by its name between the braces.
public enum TemplateVariable: Hashable, Sendable {
    case code, app, minutes, domain
    /// A member of the challenge's binding.
    case binding(String)

    /// Characters of a binding's name, at most.
    static let longestName = 32

    init?(_ name: String) {
        switch name {
        case "code": self = .code
        case "app": self = .app
        case "minutes": self = .minutes
        case "domain": self = .domain
        default:
            let member = name.dropFirst("binding.".count)
            guard name.hasPrefix("binding."), (1...Self.longestName).contains(member.utf8.count),
                member.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") })
            else { return nil }
            self = .binding(String(member))
        }
    }
}
