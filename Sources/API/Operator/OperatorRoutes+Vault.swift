import EnclaveLink
import HTTPServer
import Workspaces

/// How the master key is kept, on the wire of the operator's API.
public struct VaultAnswer: Codable, Sendable {
    public struct Wrapping: Codable, Sendable {
        public var token: String
        public var key: String
    }

    /// Of what is to be done about the wrapping.
    public enum Outlook: String, Codable, Sendable {
        /// `previous_vault` still wraps it.
        case awaitsRewrap = "awaits_rewrap"
        /// The settings on the disk do not name what wraps it, or name a vault where it stands in the clear: the next
        /// start fails.
        case unnamed
        /// The settings on the disk cannot be read: the next start fails.
        case unreadableSettings = "unreadable_settings"
        /// What wraps it has fewer than 256 bits: it is not rotated or retired until another key wraps it.
        case keyTooShort = "key_too_short"
    }

    /// What wraps it now; nil where the master key stands in its file in the clear.
    public var wrappedBy: Wrapping?
    /// In rising order; the last one seals.
    public var versions: [UInt32]
    /// RSA keys of identity tokens in the HSM; nil where they are in the enclave.
    public var identityKeys: UInt32?
    /// Those of them that this installation does not have: their `CKA_ID` in hexadecimal.
    public var unknownIdentityKeys: [String]?
    /// Nil where nothing is to be done.
    public var outlook: Outlook?

    enum CodingKeys: String, CodingKey {
        case wrappedBy = "wrapped_by"
        case versions
        case identityKeys = "identity_keys"
        case unknownIdentityKeys = "unknown_identity_keys"
        case outlook
    }

    init(_ description: VaultDescription) {
        wrappedBy = description.wrapping.map { Wrapping(token: $0.token, key: $0.key) }
        versions = description.versions
        identityKeys = description.identityKeys?.count
        unknownIdentityKeys = description.identityKeys?.unknown
        outlook = Outlook(description.outlook)
    }

    /// What to do, for people; nil where nothing is.
    public var advice: String? { outlook?.advice(isWrapped: wrappedBy != nil) }
}

extension VaultAnswer.Outlook {
    init?(_ outlook: VaultDescription.Outlook) {
        switch outlook {
        case .settled: return nil
        case .awaitsRewrap: self = .awaitsRewrap
        case .unnamed: self = .unnamed
        case .unreadableSettings: self = .unreadableSettings
        case .keyTooShort: self = .keyTooShort
        }
    }

    fileprivate func advice(isWrapped: Bool) -> String {
        switch self {
        case .awaitsRewrap:
            "enclave.yaml names it as previous_vault. Run 'countersign vault rewrap' and restart before you delete "
                + "that key: without it the master key is lost."
        case .unnamed where !isWrapped:
            "The next start fails: enclave.yaml names a vault by now, which does not wrap master.key yet. Run "
                + "'countersign vault rewrap', then restart."
        case .unnamed:
            "The next start fails: enclave.yaml, as it is now, asks for something else. Name there, under vault or "
                + "previous_vault, what wraps master.key now, and run 'countersign vault rewrap'. Delete no key in the "
                + "HSM until then."
        case .unreadableSettings:
            "The next start fails: enclave.yaml cannot be read, or has a fault. Mend it; 'countersign vault rewrap' "
                + "says which line it is, and changes nothing until then."
        case .keyTooShort:
            "That key is shorter than 256 bits: it opens master.key and wraps nothing any more, so 'rotate' and "
                + "'retire' are refused. Make an AES-256 key in the HSM; in enclave.yaml rename vault to "
                + "previous_vault and name the new key under vault; run 'countersign vault rewrap', then restart."
        }
    }

    /// Whether the next start fails.
    var preventsStart: Bool {
        switch self {
        case .awaitsRewrap, .keyTooShort: false
        case .unnamed, .unreadableSettings: true
        }
    }
}

extension OperatorRoutes {
    func registerVault(in router: inout Router) throws {
        try on(.GET, "/v1/vault", in: &router) { _, _ in
            try Response.json(VaultAnswer(try await rooms.masterKey.describe()))
        }
        try on(.POST, "/v1/vault/rotate", in: &router) { _, identity in
            try await requireInstallation(identity)
            return try Response.json(VaultAnswer(try await rooms.masterKey.rotate(origin: identity.origin)))
        }
        try on(.POST, "/v1/vault/retire", in: &router) { _, identity in
            try await requireInstallation(identity)
            return try Response.json(VaultAnswer(try await rooms.masterKey.retire(origin: identity.origin)))
        }
    }

    /// The master key is everybody's: where there are several workspaces, none of them changes it over the network.
    ///
    /// - Throws: `keyNotPermitted`.
    private func requireInstallation(_ identity: CallerIdentity) async throws {
        if case .localUser = identity.authority { return }
        guard try await rooms.directory.all().count > 1 else { return }
        throw WorkspaceError.keyNotPermitted(
            "Where there are several workspaces the master key is changed on the server itself: countersign vault.")
    }
}
