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
                member.utf8.allSatisfy(Self.isNameByte)
            else { return nil }
            self = .binding(String(member))
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
