import EnclaveLink
import Workspaces

/// The way of one send: over which channels its code may go, and who is asked, in order.
struct Route: Equatable, Sendable {
    /// Somebody who may bring the message.
    struct Step: Equatable, Sendable {
        let channel: Channel
        let provider: String
    }

    /// Sealed with the code: what is not among them never brings it.
    let channels: [Channel]
    /// One at least.
    let steps: [Step]

    /// - Parameter wished: what the caller names, which nothing else stands in for; nil for the workspace's order.
    /// - Throws: `invalidChannel` where the wish does not fit the contact.
    init(
        to contact: Contact, wished: Channel?, settings: WorkspaceSettings, enclave greeting: Greeting
    ) throws(PasscodeError) {
        let channels = try contact.channels(wished: wished, settings: settings)
        self.init(channels: channels, enclave: greeting)
    }

    private init(channels: [Channel], enclave greeting: Greeting) {
        // The inbox takes everything: it must not stand in the way of a channel that reaches the person.
        let served = channels.filter { greeting.providers(of: $0) != [Greeting.inbox] }
        self.channels = channels
        steps = (served.isEmpty ? channels : served).flatMap { channel in
            greeting.providers(of: channel).map { Step(channel: channel, provider: $0) }
        }
    }

    /// What is left of this way for a code that was made for other channels; nil if nothing is.
    func narrowed(to sealed: [Channel], enclave greeting: Greeting) -> Route? {
        let common = channels.filter(sealed.contains)
        return common.isEmpty ? nil : Route(channels: common, enclave: greeting)
    }
}

extension Contact {
    /// The channels that a message may take, the first one first. Throws `invalidChannel` where the wish does not fit the
    /// contact.
    fileprivate func channels(wished: Channel?, settings: WorkspaceSettings) throws(PasscodeError) -> [Channel] {
        switch self {
        case .email:
            guard wished == nil || wished == .email else { throw .invalidChannel() }
            return [.email]
        case .phone:
            guard wished != .email else { throw .invalidChannel() }
            if let wished { return [wished] }
            return settings.routes.channels(for: country) ?? [settings.defaultChannel]
        }
    }
}
