import EnclaveLink

/// Who says whether visitors solved their captchas: a server that speaks Turnstile's siteverify API.
struct CaptchaSettings: Equatable, Sendable {
    /// The name of this provider in the greeting.
    static let providerName = "siteverify"
    /// Allowed values of ``connections``.
    static let connectionRange = 1...16
    /// ``connections`` where nothing else is set.
    static let usualConnections = 4

    /// Where tokens are verified.
    var url: HTTPSAddress
    /// The certificates (PEM) that may vouch for the server; no others are trusted.
    var certificateAuthorities: [UInt8]
    /// Each workspace's widget, by the workspace's identifier.
    var widgets: [String: CaptchaWidget]
    /// Connections to the server, each with a worker thread of its own.
    var connections: Int = usualConnections

    /// The provider with its destination, as the greeting tells the host.
    var provider: ConfiguredProvider {
        ConfiguredProvider(
            purpose: .captcha, name: Self.providerName, host: url.destination.host, port: url.destination.port)
    }
}

/// One workspace's captcha widget. It prints without its secret.
struct CaptchaWidget: Equatable, Sendable, Redacted {
    /// What the provider knows the workspace by.
    let secret: String
    /// The sites, in lower case, on which a captcha counts; empty for any.
    let hostnames: Set<String>

    var description: String { "<captcha widget>" }
}
