import HTTPServer
import Workspaces

/// A workspace on the wire.
struct WorkspaceDescription: Encodable {
    var id: String
    /// The workspace as the Turnkey dialect names it.
    var organization: String
    /// The workspace as apps and pages name it that have no key.
    var authProxyConfiguration: String
    var name: String
    var subscription: Subscription
    var settings: WorkspaceSettings
    var usedThisMonth: Int
    var createdAt: String
    /// What the operator should know of a change; nil where nothing was changed.
    var warnings: [String]?

    enum CodingKeys: String, CodingKey {
        case id
        case organization = "organization_id"
        case authProxyConfiguration = "auth_proxy_config"
        case name, subscription, settings
        case usedThisMonth = "used_this_month"
        case createdAt = "created_at"
        case warnings
    }
}

extension OperatorRoutes {
    /// `GET /v1/workspace`
    @Sendable func showWorkspace(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await describe(identity.workspace)
    }

    /// `PATCH /v1/workspace`: a merge patch (RFC 7396) of name, subscription and the settings, side by side.
    @Sendable func changeWorkspace(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        var patch = try request.decode([String: SettingValue].self)
        try request.checkFields(["name", "subscription"] + WorkspaceSettings.names)
        let name = patch.removeValue(forKey: "name")
        let subscription = try patch.removeValue(forKey: "subscription").map(Self.subscription)
        let settings = patch
        let workspace = try await rooms.directory.update(identity.workspace.id, origin: identity.origin) { workspace in
            if let name { workspace.name = try name.text("name") }
            if let subscription { workspace.subscription = subscription }
            try workspace.settings.merge(settings)
        }
        let captcha = settings.keys.contains { $0.hasPrefix("captcha") } ? captchaFinding(workspace) : nil
        return try await describe(
            workspace,
            warnings: captcha.map { [[$0.message, $0.advice].compactMap { $0 }.joined(separator: " ")] } ?? [])
    }

    private static func subscription(_ value: SettingValue) throws -> Subscription {
        guard let subscription = Subscription(rawValue: try value.text("subscription")) else {
            throw WorkspaceError.invalidSetting("subscription must be active, inactive or past_due")
        }
        return subscription
    }

    private func describe(_ workspace: Workspace, warnings: [String]? = nil) async throws -> Response {
        try Response.json(
            WorkspaceDescription(
                id: workspace.id, organization: WorkspaceUUID.organization.text(for: workspace.id),
                authProxyConfiguration: WorkspaceUUID.authProxyConfiguration.text(for: workspace.id),
                name: workspace.name, subscription: workspace.subscription,
                settings: workspace.settings, usedThisMonth: try await rooms.directory.usedQuota(workspace.id),
                createdAt: WireTime.text(workspace.createdAt), warnings: warnings))
    }
}
