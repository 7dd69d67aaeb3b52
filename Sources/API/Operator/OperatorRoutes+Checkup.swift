import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OperatorRoutes {
    /// `GET /v1/doctor`
    @Sendable func checkUp(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        // The other questions would wait for the same disk.
        if await rooms.databaseState() == .unanswered { return try Response.json(CheckupReport([Self.hungDisk])) }
        let findings =
            await rooms.checkup.findings() + enclaveFindings(identity.workspace) + signingKeyFindings()
            + keyFindings(identity.workspace) + auditFindings() + edgeFindings(identity.workspace)
        return try Response.json(CheckupReport(findings))
    }

    private static let hungDisk = CheckupFinding(
        "database", .failed, "The disk is there and does not answer: nothing is sent or verified.",
        advice:
            "See dmesg, and whether the file system of --data is there (a network's may not be). The server goes on by "
            + "itself once the disk answers; ask again then, for the rest.")

    private func enclaveFindings(_ workspace: Workspace) async -> [CheckupFinding] {
        let state = await rooms.enclaveState()
        guard let greeting = rooms.enclave.greeting else { return [absenceFinding()] }
        switch state {
        case .ok: break
        case .degraded: return [Self.overload]
        case .unanswered: return [silenceFinding()]
        case .failing, .draining: return [absenceFinding()]
        }
        return [isolationFinding(greeting.isolation), await rooms.vaultFinding()] + (await providerFindings(greeting))
            + (captchaFinding(workspace).map { [$0] } ?? [])
    }

    private func absenceFinding() -> CheckupFinding {
        CheckupFinding(
            "enclave", .failed, rooms.checkup.enclaveRefusal() ?? "The enclave is not up.",
            advice: "Look for \"enclave\" in the server's log; the first line after a start says why.")
    }

    private func silenceFinding() -> CheckupFinding {
        CheckupFinding(
            "enclave", .failed, "The enclave is there and does not answer: nothing is sent, verified or signed.",
            advice: rooms.checkup.enclaveRevival())
    }

    private static let overload = CheckupFinding(
        "enclave", .warning, "The enclave is up and has more to do than it takes: some requests get 503.",
        advice:
            "It catches up once fewer requests come: countersign_http_requests_total in /metrics shows which are so many. "
            + "Where it lasts, lower their limits, or give the machine more processors.")

    private func isolationFinding(_ report: IsolationReport) -> CheckupFinding {
        guard report.systemCallFilter, report.noNewPrivileges, report.notDumpable else {
            return CheckupFinding(
                "enclave", .failed, "The enclave runs without its sandbox.",
                advice: "Run countersign-enclave --self-test: it says which wall is missing.")
        }
        guard report.networkNamespace else {
            return CheckupFinding(
                "enclave", .warning, "The enclave is up and filtered, but has no network namespace of its own.",
                advice: "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1) or start the server as root."
            )
        }
        let level = report.separateUser ? "another user's (level user)" : "of the server's user (level process)"
        return CheckupFinding("enclave", .ok, "The enclave is up, filtered, without network, and \(level).")
    }

    private func providerFindings(_ greeting: Greeting) async -> [CheckupFinding] {
        let unserved = greeting.unservedChannels.map(\.rawValue)
        var findings: [CheckupFinding] = []
        for provider in greeting.providers { findings.append(await finding(provider)) }
        findings += rooms.challenges.providersLeftOut.map(Self.leftOut)
        if !unserved.isEmpty {
            findings.append(
                CheckupFinding(
                    "provider", .warning,
                    "No provider for \(unserved.joined(separator: ", ")): their messages go to the inbox, unless enclave.yaml says inbox: false.",
                    advice: "Name a provider in enclave.yaml; examples/enclave.yaml shows how."))
        }
        return findings
    }

    /// A provider may accept connections and yet take no message.
    private static func leftOut(_ provider: String) -> CheckupFinding {
        CheckupFinding(
            "provider", .warning, "\(provider) failed again and again, and is left out for a while.",
            advice: "The audit log says why: countersign audit list --action challenge.dispatched")
    }

    private func finding(_ provider: ConfiguredProvider) async -> CheckupFinding {
        let name = "\(provider.purpose.name): \(provider.name) at \(provider.host):\(provider.port)"
        if let failure = await rooms.checkup.providerFailure(provider) {
            return CheckupFinding(
                "provider", .failed, "\(name) cannot be reached: \(failure)",
                advice: "Check host and port in enclave.yaml, the provider's status and the firewall.")
        }
        return CheckupFinding("provider", .ok, "\(name) accepts connections.")
    }

    /// Only where the workspace asks for captchas, and something is missing to check or to solve them. Nil too while
    /// the enclave is down and nobody knows.
    func captchaFinding(_ workspace: Workspace) -> CheckupFinding? {
        guard workspace.settings.captcha == .required, let greeting = rooms.enclave.greeting else { return nil }
        guard greeting.providers.contains(where: { $0.purpose == .captcha }) else {
            return CheckupFinding(
                "captcha", .failed,
                "Visitors must solve a captcha, and nobody is there to check it: all are refused.",
                advice: "Name a captcha provider in enclave.yaml, or run: countersign workspace set --captcha off")
        }
        guard workspace.settings.captchaSiteKey != nil else {
            return CheckupFinding(
                "captcha", .warning, "Visitors must solve a captcha, and clients are told no key for its widget.",
                advice: "countersign workspace set --captcha-site-key KEY")
        }
        return nil
    }

    private func auditFindings() async -> [CheckupFinding] {
        let refused = await rooms.auditLog.refused()
        guard !refused.isEmpty else {
            return [CheckupFinding("audit log", .ok, "What is in the audit logs is signed, or about to be.")]
        }
        let logs = refused.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.rawValue)" }
        return [
            CheckupFinding(
                "audit log", .failed, "The enclave does not sign on: \(logs.joined(separator: ", ")).",
                advice: Set(refused.values.map(\.advice)).sorted().joined(separator: " "))
        ]
    }

    private func signingKeyFindings() -> [CheckupFinding] {
        guard let current = try? rooms.signingKeys.current(.identity) else {
            return [CheckupFinding("signing key", .failed, "No signing key is ready.", advice: "Restart the server.")]
        }
        return [CheckupFinding("signing key", .ok, "Identity tokens are signed by \(current).")]
    }
}

extension ConfiguredProvider.Purpose {
    fileprivate var name: String {
        switch self {
        case .messages(let channel): channel.rawValue
        case .captcha: "captcha"
        case .witness: "witness"
        }
    }
}
