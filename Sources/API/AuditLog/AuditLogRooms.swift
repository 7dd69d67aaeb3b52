import AuditLog

/// What the routes of the audit logs stand on.
public struct AuditLogRooms: Sendable {
    public let reader: LogReader
    public let exports: AuditExports
    public let erasure: AuditErasure
    /// How it stands with each log, by workspace, as far as it was looked at.
    public let states: @Sendable () async -> [String: LogState]

    public init(
        reader: LogReader, exports: AuditExports, erasure: AuditErasure,
        states: @escaping @Sendable () async -> [String: LogState]
    ) {
        self.reader = reader
        self.exports = exports
        self.erasure = erasure
        self.states = states
    }

    /// The logs that are not signed any more, and why; by workspace.
    func refused() async -> [String: SigningFault] {
        await states().compactMapValues { state in
            guard case .refused(let fault) = state else { return nil }
            return fault
        }
    }
}
