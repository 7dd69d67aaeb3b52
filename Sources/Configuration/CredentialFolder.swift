import Glibc

/// Where a service manager put credentials for this process (systemd.exec(5), `LoadCredential=`). Wherever a setting or an
/// option names a file, `credential:NAME` stands for one of them.
public struct CredentialFolder: Equatable, Sendable {
    private static let prefix = "credential:"

    /// Nil where there is none.
    public let path: String?

    public init(_ path: String?) { self.path = path }

    /// The folder that this process's environment names.
    public static var ofProcess: Self {
        Self(getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) })
    }

    /// Whether a path leads to a credential. Such a file is a copy, which the service manager made once.
    public func contains(_ file: String) -> Bool { path.map { file.hasPrefix("\($0)/") } ?? false }

    /// The path that a setting means: the credential's, or the setting's own text.
    /// - Throws: `CredentialError`, which completes a sentence that begins with the setting's name.
    public func path(of text: String) throws(CredentialError) -> String {
        guard text.hasPrefix(Self.prefix) else { return text }
        let name = String(text.dropFirst(Self.prefix.count))
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
            throw CredentialError("must name a credential without a path: credential:NAME")
        }
        guard let path else {
            throw CredentialError(
                "names a credential, and this process was given none: the unit needs LoadCredential=\(name):FILE")
        }
        return "\(path)/\(name)"
    }
}

/// Why a text names no credential.
public struct CredentialError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Section {
    /// A file's path; one that begins with `credential:` means a credential of the service manager's.
    public func path(_ name: String) throws(ConfigurationError) -> String? {
        guard let text = try string(name) else { return nil }
        do { return try credentials.path(of: text) } catch { throw self.error(name, error.description) }
    }

    /// The same, and its absence is an error.
    public func requiredPath(_ name: String) throws(ConfigurationError) -> String {
        try required(name, path(name))
    }
}
