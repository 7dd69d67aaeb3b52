import EnclaveLink
import Encodings
import Configuration

extension CaptchaSettings {
    private static let turnstile = "https://challenges.cloudflare.com/turnstile/v0/siteverify"

    /// Reads the section `captcha`.
    ///
    /// - Parameter folder: what paths in the section are relative to.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no secret.
    init(_ section: Section, folder: String) throws(ConfigurationError) {
        guard let url = HTTPSAddress(try section.string("url") ?? Self.turnstile) else {
            throw section.error("url", "must be an address such as \(Self.turnstile)")
        }
        let workspaces = try section.requiredSection("workspaces")
        var widgets: [String: CaptchaWidget] = [:]
        for name in workspaces.names {
            guard name.hasPrefix("ws_") else {
                throw workspaces.error(name, "must be a workspace's identifier, which starts with ws_")
            }
            widgets[name] = try CaptchaWidget(workspaces.requiredSection(name), folder: folder)
        }
        guard !widgets.isEmpty else { throw section.error("workspaces", "must name a workspace") }
        self.init(
            url: url, certificateAuthorities: try section.certificateAuthorities(folder: folder), widgets: widgets,
            connections: try section.integer("connections", in: Self.connectionRange) ?? Self.usualConnections)
    }
}

extension CaptchaWidget {
    /// Reads one workspace's `secret` or `secret_file`, and `hostnames`.
    fileprivate init(_ section: Section, folder: String) throws(ConfigurationError) {
        let secret = try section.requiredSecret("secret", orFileIn: folder)
        let hostnames = try section.strings("hostnames") ?? []
        guard hostnames.allSatisfy(HostName.isValid) else {
            throw section.error("hostnames", "must be host names in ASCII, such as app.example.com")
        }
        self.init(secret: secret.reveal(), hostnames: Set(hostnames.map { $0.lowercased() }))
    }
}
