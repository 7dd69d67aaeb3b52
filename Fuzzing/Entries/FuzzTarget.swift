/// What is fed with bytes that nobody vouches for. Each has a folder of its name in `Corpus`.
enum FuzzTarget: String, CaseIterable, Sendable {
    case http, forwarding, bodies
    case webSockets = "web-sockets"
    case otpEdge = "otp-edge"
    case turnkey
    case agentOTP = "agent-otp"
    case sealed
    case operators = "operator"
    case frames, attempts, bundles, tokens, json, policies, yaml
    case auditLog = "audit-log"
    case reports, certificates, texts

    /// Takes one input.
    ///
    /// - Throws: `BrokenPromise`. Whatever an input may be refused with stays inside.
    func run(_ bytes: [UInt8]) async throws {
        switch self {
        case .http: try HTTPEntry.run(bytes)
        case .forwarding: try ForwardingEntry.run(bytes)
        case .bodies: try BodyEntry.run(bytes)
        case .webSockets: try WebSocketEntry.run(bytes)
        case .otpEdge: try await DialectEntry.run(bytes, as: .test)
        case .turnkey: try await DialectEntry.run(bytes, as: .stamp)
        case .agentOTP: try await DialectEntry.run(bytes, as: .agent)
        case .sealed: try await DialectEntry.run(bytes, as: .test)
        case .operators: try await DialectEntry.run(bytes, as: .operator)
        case .frames: try await FrameEntry.run(bytes)
        case .attempts: try await AttemptEntry.run(bytes)
        case .bundles: try BundleEntry.run(bytes)
        case .tokens: try TokenEntry.run(bytes)
        case .json: try JSONEntry.run(bytes)
        case .policies: try PolicyEntry.run(bytes)
        case .yaml: try YAMLEntry.run(bytes)
        case .auditLog: try AuditLogEntry.run(bytes)
        case .reports: try ReportEntry.run(bytes)
        case .certificates: CertificateEntry.run(bytes)
        case .texts: try TextEntry.run(bytes)
        }
    }
}
