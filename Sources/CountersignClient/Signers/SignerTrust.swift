import Foundation

internal import SealedPasscodes

/// Which keys count as the enclave's: the pinned ones, and those that they endorsed. Nobody else can add one, the server
/// neither.
actor SignerTrust {
    nonisolated private let connection: Connection
    private var trusted: [TrustedKeys.Role: TrustedKeys]

    init(_ connection: Connection) {
        self.connection = connection
        trusted = [
            .signer: TrustedKeys(.signer, pinned: connection.configuration.signer),
            .notary: TrustedKeys(.notary, pinned: connection.configuration.notary),
        ]
    }

    /// - Throws: `notConfigured` where no key is pinned.
    nonisolated func requirePin(_ role: TrustedKeys.Role) throws(CountersignError) {
        switch role {
        case .signer:
            guard connection.configuration.signer != nil else { throw .notConfigured("the enclave's key (signer)") }
        case .notary:
            guard connection.configuration.notary != nil else { throw .notConfigured("the session key (notary)") }
        }
    }

    /// What `check` says with the one trusted key that signed; if none did, the endorsements are fetched anew.
    /// - Parameter check: throws `wrongSigner` where another key signed.
    /// - Throws: `notConfigured`; `untrustedSigner` where no trusted key signed; `expired`; `untrustedTarget` for whatever
    ///   else `check` throws; the network's errors.
    func verified<Value: Sendable>(
        _ role: TrustedKeys.Role, _ check: @Sendable (P256PublicKey) throws(SealedPasscodeError) -> Value
    ) async throws(CountersignError) -> Value {
        try requirePin(role)
        let known = keys(role)
        if let value = try Self.verified(known, check) { return value }
        do { try await follow() } catch {
            // A server that publishes nothing endorses nothing.
            throw error.serverCode == nil ? error : .untrustedSigner()
        }
        if let value = try Self.verified(keys(role).filter({ !known.contains($0) }), check) { return value }
        throw .untrustedSigner()
    }

    func keys(_ role: TrustedKeys.Role) -> [PublicKey] { trusted[role]?.keys ?? [] }

    /// Fetches what the server publishes, and takes in what the pinned keys vouch for.
    @discardableResult
    func follow() async throws(CountersignError) -> SignerDirectory {
        var call = Call.get(SignerDirectory.path)
        call.isAuthenticated = false
        let directory = try SignerDirectory(try await connection.response(to: call))
        for role in TrustedKeys.Role.allCases { trusted[role]?.follow(directory.endorsements) }
        return directory
    }

    private static func verified<Value>(
        _ keys: [PublicKey], _ check: (P256PublicKey) throws(SealedPasscodeError) -> Value
    ) throws(CountersignError) -> Value? {
        for key in keys {
            do { return try check(key.point) } catch {
                switch error.code {
                case .wrongSigner: continue
                case .expired: throw .expired("The challenge")
                default: throw .untrustedTarget()
                }
            }
        }
        return nil
    }
}
