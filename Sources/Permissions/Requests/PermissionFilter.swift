/// Which permissions a list shows.
public struct PermissionFilter: Sendable, Equatable {
    public var status: PermissionStatus?
    public var agent: String?

    public init(status: PermissionStatus? = nil, agent: String? = nil) {
        self.status = status
        self.agent = agent
    }
}
