import Passcodes
import Workspaces

/// One line of `doctor`.
public struct CheckupFinding: Encodable, Equatable, Sendable {
    public enum Status: String, Encodable, Sendable { case ok, warning, failed }

    public var name: String
    public var status: Status
    public var message: String
    /// What to do; nil where all is well.
    public var advice: String?

    public init(_ name: String, _ status: Status, _ message: String, advice: String? = nil) {
        self.name = name
        self.status = status
        self.message = message
        self.advice = advice
    }
}

/// What the program around the rooms checks for `doctor`: configuration, disk, clock.
public struct Checkup: Sendable {
    public let findings: @Sendable () async -> [CheckupFinding]

    public init(findings: @escaping @Sendable () async -> [CheckupFinding]) { self.findings = findings }
}
