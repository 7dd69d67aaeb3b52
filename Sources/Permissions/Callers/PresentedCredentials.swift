import AuditLog
import EnclaveLink
import Workspaces

/// Everything that a request shows of who sends it.
public struct PresentedCredentials: Sendable, Redacted {
    public var key: PresentedKey
    /// The request's `DPoP` header (RFC 9449); nil where there is none.
    public var proof: String?
    /// The request's method, and its address without query in every spelling that the server is known under: what a
    /// proof is for.
    public var method: String
    public var addresses: [String]
    public var peer: RequestPeer
    /// What speaks against an operator's key on this connection; nil where nothing does.
    public var operatorRefusal: WorkspaceError?

    public init(
        key: PresentedKey, proof: String?, method: String, addresses: [String], peer: RequestPeer,
        operatorRefusal: WorkspaceError? = nil
    ) {
        self.key = key
        self.proof = proof
        self.method = method
        self.addresses = addresses
        self.peer = peer
        self.operatorRefusal = operatorRefusal
    }

    public var description: String { "<presented credentials>" }
}

/// Where a request comes from, as the server itself saw it or a configured proxy told it.
public struct RequestPeer: Sendable {
    /// The address without port, for allow-lists; nil over the Unix socket.
    public var address: String?
    /// The address' network, for limits; nil over the Unix socket.
    public var network: String?
    /// The peer as the audit names it.
    public var name: String
    /// The request id that the answer carries.
    public var request: String
    /// What the client calls itself.
    public var userAgent: String

    public init(address: String?, network: String?, name: String, request: String, userAgent: String = "") {
        self.address = address
        self.network = network
        self.name = name
        self.request = request
        self.userAgent = userAgent
    }

    /// The request as the audit names it.
    public func origin(_ principal: Principal) -> RequestOrigin {
        RequestOrigin(principal: principal, request: request, address: name, userAgent: userAgent)
    }
}
