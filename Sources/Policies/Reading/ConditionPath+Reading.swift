extension ConditionPath {
    /// The most names on the way to a member: as deep as a request can be.
    private static let deepest = 16

    /// Reads a path as a policy writes it. Nil for anything that leads nowhere.
    init?(_ text: String, zone: TimeZoneName) {
        switch text {
        case "action": self = .action
        case "resource": self = .resource
        case "agentId": self = .agentId
        case "time.hour": self = .hour(zone)
        case "time.weekday": self = .weekday(zone)
        case "rate.perHour": self = .ratePerHour
        default:
            let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard 2...Self.deepest ~= names.count, !names.contains(""), text.utf8.count <= 255 else { return nil }
            switch names[0] {
            case "scope": self = .scope(Array(names.dropFirst()))
            case "context": self = .context(Array(names.dropFirst()))
            default: return nil
            }
        }
    }

    /// Whether a zone belongs to it.
    var hasZone: Bool {
        switch self {
        case .hour, .weekday: true
        default: false
        }
    }

    /// What can stand there.
    var content: ConditionContent {
        switch self {
        case .action: .action
        case .resource: .optionalText
        case .agentId: .text
        case .scope, .context: .anything
        case .hour: .hour
        case .weekday: .weekday
        case .ratePerHour: .count
        }
    }
}
