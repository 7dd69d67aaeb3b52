import EnclaveLink

/// One line of `doctor`.
public struct CheckupFinding: Codable, Equatable, Sendable {
    public enum Status: String, Codable, Sendable { case ok, warning, failed }

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

/// What `GET /v1/doctor` answers.
public struct CheckupReport: Codable, Sendable {
    /// False where anything failed.
    public var ok: Bool
    public var checks: [CheckupFinding]

    public init(_ checks: [CheckupFinding]) {
        ok = !checks.contains { $0.status == .failed }
        self.checks = checks
    }
}

/// What the program around the rooms checks for `doctor`.
public struct Checkup: Sendable {
    /// Configuration, disk, clock.
    public let findings: @Sendable () async -> [CheckupFinding]
    /// Nil if the provider can be connected to, else why not.
    public let providerFailure: @Sendable (ConfiguredProvider) async -> String?
    /// Why no enclave is started any more; nil where one is up or on its way.
    public let enclaveRefusal: @Sendable () -> String?
    /// What to do about an enclave that is up and does not answer.
    public let enclaveRevival: @Sendable () -> String

    public init(
        findings: @escaping @Sendable () async -> [CheckupFinding],
        providerFailure: @escaping @Sendable (ConfiguredProvider) async -> String?,
        enclaveRefusal: @escaping @Sendable () -> String?, enclaveRevival: @escaping @Sendable () -> String
    ) {
        self.findings = findings
        self.providerFailure = providerFailure
        self.enclaveRefusal = enclaveRefusal
        self.enclaveRevival = enclaveRevival
    }
}
