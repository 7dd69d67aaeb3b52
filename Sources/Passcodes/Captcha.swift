import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// Captchas of visitors, checked by the enclave with the provider. Where the answer is not a clear yes, it is no, unless
/// the workspace lets visitors pass while the provider does not answer.
public struct Captcha: Sendable {
    /// Milliseconds for the provider to answer.
    static let deadline = 5_000

    let enclave: any EnclaveCalling
    let database: any Database
    let clock: WallClock
    let audit: AuditTrail
    let findings = CaptchaFindings()

    public init(
        enclave: any EnclaveCalling, database: any Database, audit: AuditTrail, clock: WallClock = .system
    ) {
        self.enclave = enclave
        self.database = database
        self.audit = audit
        self.clock = clock
    }

    /// Does nothing where the workspace asks for no captcha. `address` is the visitor's, without port.
    /// Throws `captchaRefused`, `unavailable`.
    public func check(
        _ token: CaptchaToken?, address: String?, workspace: Workspace, origin: RequestOrigin
    ) async throws(PasscodeError) {
        guard workspace.settings.captcha == .required else { return }
        // Not audited: nobody claimed anything, and strangers could write as much as they like.
        guard let token, (1...CaptchaToken.maximumLength).contains(token.value.utf8.count) else {
            throw .captchaRefused()
        }
        let outcome = try await enclave.ask(
            VerifyCaptcha(workspace: workspace.id, token: token, address: address, deadline: Self.deadline))
        let mayPass = outcome == .unavailable && workspace.settings.captchaFailsOpen
        try await record(outcome, passed: mayPass, workspace: workspace.id, origin: origin)
        switch outcome {
        case .passed: return
        case .refused: throw .captchaRefused()
        case .unavailable where mayPass: return
        case .unavailable: throw .unavailable("the captcha provider did not answer")
        case .notConfigured: throw .unavailable("the enclave has no captcha secret for this workspace")
        }
    }

    /// Writes down that captchas were refused, or could not be checked and what came of that: at once for the first,
    /// then no more than one entry a minute for each outcome, with how many there were since the last.
    private func record(
        _ outcome: CaptchaOutcome, passed: Bool, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        guard outcome != .passed else { return }
        let now = clock.now()
        let finding = CaptchaFinding(workspace: workspace, outcome: outcome, passed: passed)
        guard let count = findings.note(finding, at: now) else { return }
        try await database.write(throwing: PasscodeError.self) { transaction in
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .captchaChecked, record: workspace,
                    outcome: finding.auditOutcome, origin: origin, detail: "\(outcome.rawValue) \(count)"),
                in: transaction)
        }
    }
}
