/// What a condition looks at.
enum ConditionPath: Sendable, Hashable {
    case action
    case resource
    case agentId
    /// A member of the request's scope: the names on the way to it, one or more.
    case scope([String])
    /// A member of the request's context: the names on the way to it, one or more.
    case context([String])
    /// The hour of the request, 0 to 23, by the clocks of a zone.
    case hour(TimeZoneName)
    /// The day of the request, `monday` to `sunday`, by the clocks of a zone.
    case weekday(TimeZoneName)
    /// How many requests for the same action the agent made in the hour before this one.
    case ratePerHour

    /// As a policy writes it, such as `scope.amount`.
    var text: String {
        switch self {
        case .action: "action"
        case .resource: "resource"
        case .agentId: "agentId"
        case .scope(let names): "scope." + names.joined(separator: ".")
        case .context(let names): "context." + names.joined(separator: ".")
        case .hour: "time.hour"
        case .weekday: "time.weekday"
        case .ratePerHour: "rate.perHour"
        }
    }
}
