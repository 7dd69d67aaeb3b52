import EnclaveLink
import Fixtures
import Passcodes
import Workspaces

/// Two providers of SMS, one of WhatsApp, none of calls.
enum Providers {
    static let all = [
        ConfiguredProvider(purpose: .messages(.sms), name: "first", host: "a.example", port: 443),
        ConfiguredProvider(purpose: .messages(.sms), name: "second", host: "b.example", port: 443),
        ConfiguredProvider(purpose: .messages(.whatsapp), name: "meta", host: "c.example", port: 443),
    ]
}

extension DeliveryOutcome {
    static func refused(_ reason: DeliveryFailure.Reason, by provider: String, mayHaveArrived: Bool = false) -> Self {
        .failed(
            DeliveryFailure(provider: provider, reason: reason, providerStatus: 1, mayHaveArrived: mayHaveArrived))
    }
}

extension Installation {
    /// A workspace whose codes go by WhatsApp first, then by SMS, and in India by SMS alone; without cooldown.
    func routedWorkspace() async throws -> Workspace {
        try await workspace {
            $0.routes = ChannelRoutes(["*=whatsapp/sms", "IN=sms"]) ?? .none
            $0.cooldownSeconds = 0
        }
    }

    /// Who was asked to bring messages, in order.
    var asked: [String] { mail.messages.map(\.provider) }

    func status(
        of dispatch: Dispatch, _ workspace: Workspace, mode: ChallengeMode = .live
    ) async throws -> PasscodeRecord {
        try await challenges.status(of: dispatch.identifier, for: caller(workspace, mode))
    }
}
