/// Where a change comes from: carried from the edge to the entry that records the change.
public struct RequestOrigin: Equatable, Sendable {
    public var principal: Principal
    /// The request id that the answer carried.
    public var request: String
    /// The socket's peer, never a forwarding header.
    public var address: String
    /// What the client calls itself, cut to ``userAgentLimit``; empty where that is not recorded.
    public var userAgent: String

    /// UTF-8 bytes kept of what a client calls itself.
    public static let userAgentLimit = 200

    public init(principal: Principal, request: String, address: String, userAgent: String = "") {
        self.principal = principal
        self.request = request
        self.address = address
        self.userAgent = String(decoding: userAgent.utf8.prefix(Self.userAgentLimit), as: UTF8.self)
    }

    /// The same for a further entry of one request: whence it came is said once, in the first.
    public var again: RequestOrigin { RequestOrigin(principal: principal, request: request, address: "") }

    /// The server's own doing, such as a rotation that was due.
    public static let system = RequestOrigin(principal: .system, request: "", address: "")
}

/// Who acts.
public enum Principal: Equatable, Sendable, CustomStringConvertible {
    /// An API key, by its identifier.
    case key(String)
    /// A user of this machine, over the Unix socket, by uid.
    case localUser(UInt32)
    /// A browser or an app without a key of the workspace's.
    case visitor
    /// A user of a workspace, in a session of theirs, by id.
    case user(String)
    /// A person who decides what agents ask for, known by a one-time code sent to their address, by id.
    case approver(String)
    case system

    public var description: String {
        switch self {
        case .key(let identifier): "key:\(identifier)"
        case .localUser(let user): "local-user:\(user)"
        case .visitor: "visitor"
        case .user(let identifier): "user:\(identifier)"
        case .approver(let identifier): "approver:\(identifier)"
        case .system: "system"
        }
    }
}
