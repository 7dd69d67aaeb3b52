import Encodings
import HTTPServer
import Webhooks
import Workspaces

extension OperatorRoutes {
    /// Whether limits hold, who hears of alerts, and from where operators' keys are accepted.
    func edgeFindings(_ workspace: Workspace) async -> [CheckupFinding] {
        [Self.limitFinding(workspace.settings), await alertFinding(workspace), operatorKeyFinding()]
    }

    private static func limitFinding(_ settings: WorkspaceSettings) -> CheckupFinding {
        let off = settings.limitsSwitchedOff
        guard off.isEmpty else {
            return CheckupFinding(
                "limits", .warning, "Switched off: \(off.map(\.setting).joined(separator: ", ")).",
                advice: "For what is usual: \(commands(restoring: off))")
        }
        let guarding =
            settings.guardMode == .enforce
            ? "the fraud guard stops what nobody verifies"
            : "the fraud guard says what it would stop (countersign guard set --mode enforce has it stop)"
        return CheckupFinding("limits", .ok, "No usual limit is switched off; \(guarding).")
    }

    private static func commands(restoring limits: [(setting: String, usual: String)]) -> String {
        let prefix = "guard_"
        let guards = limits.filter { $0.setting.hasPrefix(prefix) }
            .map { (setting: String($0.setting.dropFirst(prefix.count)), usual: $0.usual) }
        let others = limits.filter { !$0.setting.hasPrefix(prefix) }
        return [("workspace", others), ("guard", guards)].filter { !$0.1.isEmpty }.map { command, limits in
            let options = limits.map { "--\($0.setting.replacing("_", with: "-")) \($0.usual)" }
            return "countersign \(command) set \(options.joined(separator: " "))"
        }.joined(separator: "; ")
    }

    private func alertFinding(_ workspace: Workspace) async -> CheckupFinding {
        let endpoints: [WebhookEndpoint]
        do { endpoints = try await rooms.webhookEndpoints.list(workspace: workspace.id) } catch {
            return CheckupFinding(
                "alerts", .failed, "The webhooks cannot be read.", advice: "Look into the server's log.")
        }
        let unheard = WebhookEventType.alarms.filter { type in !endpoints.contains { $0.takes(type) } }
        guard unheard.isEmpty else {
            return CheckupFinding(
                "alerts", .warning,
                "No webhook takes \(unheard.map(\.rawValue).joined(separator: ", ")): nobody is told, unless somebody "
                    + "watches /metrics.",
                advice: "countersign webhook create --url https://… --events "
                    + WebhookEventType.alarms.map(\.rawValue).joined(separator: ",")
                    + "; examples/prometheus has rules for /metrics.")
        }
        return CheckupFinding("alerts", .ok, "A webhook takes each event that somebody should see at once.")
    }

    private func operatorKeyFinding() -> CheckupFinding {
        let addresses = rooms.operatorAddresses
        let places = addresses.isEverywhere ? "everywhere" : addresses.texts.joined(separator: ", ")
        let isBound = rooms.tls?.files.clientAuthorities != nil
        let message =
            "Operators' keys are accepted from \(places), \(isBound ? "with" : "without") a client certificate."
        guard addresses.isEverywhere, !isBound else { return CheckupFinding("operator keys", .ok, message) }
        return CheckupFinding(
            "operator keys", .ok, message + " operator.allowed_addresses or --operator-client-ca narrow that.")
    }
}
