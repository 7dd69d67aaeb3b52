import AuditLog
import EnclaveLink
import Storage

/// What a request presents to prove who calls.
public struct PresentedKey: Sendable, Redacted {
    /// The key's text, nil if the request carries none.
    public let text: String?
    /// True if the request carries a header that only browsers send (`Origin`, `Sec-Fetch-Site`).
    public let fromBrowser: Bool
    /// The client's address without port, as the server saw it or a trusted proxy told it; nil over the Unix socket.
    public let address: String?

    public init(text: String?, fromBrowser: Bool, address: String?) {
        self.text = text
        self.fromBrowser = fromBrowser
        self.address = address
    }

    public var description: String { "<presented key>" }
}

/// A key that was not let in.
public struct FailedAuthentication: Error, Sendable {
    public let error: WorkspaceError
    /// Whose key it is; nil for one that is nobody's.
    public let caller: Caller?

    init(_ error: WorkspaceError, of caller: Caller? = nil) {
        self.error = error
        self.caller = caller
    }
}

/// A key of ours, as it is remembered from one request to the next.
struct KnownKey: Sendable {
    var caller: Caller
    var isRevoked: Bool
}

extension APIKeys {
    /// Finds the caller behind a key. A malformed key or a wrong checksum is refused without asking the database.
    ///
    /// The look-up is by SHA-256 of a key with 178 random bits, so its time tells nothing that could be used.
    /// Throws `keyMissing`, `keyInvalid`, `keyRevoked`, `keyExpired`, `addressNotAllowed`, and `keyInBrowser`, which is
    /// audited.
    public func authenticate(
        _ presented: PresentedKey, request: String, address: String
    ) async throws(FailedAuthentication) -> Caller {
        do {
            let caller = try await identify(presented)
            await recordUse(of: caller)
            return caller
        } catch {
            if error.error.code == .keyInBrowser, let caller = error.caller {
                do { try await recordRefusal(of: caller, request: request, address: address) } catch {
                    throw FailedAuthentication(error)
                }
            }
            throw error
        }
    }

    /// The same for whoever records failures: says whose key it was that is not let in. The use is not written down:
    /// more may have to hold before the key counts as used.
    public func identify(_ presented: PresentedKey) async throws(FailedAuthentication) -> Caller {
        guard let text = presented.text else { throw FailedAuthentication(.keyMissing()) }
        guard let secret = SecretKey(text) else { throw FailedAuthentication(.keyInvalid()) }
        let now = clock.now()
        let caller = try await find(secret.digest, from: presented.address, now: now)
        if presented.fromBrowser, caller.kind.isSecretKey { throw FailedAuthentication(.keyInBrowser(), of: caller) }
        return caller
    }

    /// Writes down, exact to half a minute, that a key let somebody in.
    public func recordUse(of caller: Caller) async {
        let now = clock.now()
        guard uses.isDue(caller.keyIdentifier, at: now) else { return }
        await uses.write(caller.keyIdentifier, workspace: caller.workspace.id, at: now, in: database)
    }

    /// The caller behind a key's digest. Throws `keyInvalid`, `keyRevoked`, `keyExpired`, `addressNotAllowed`.
    func find(
        _ digest: [UInt8], from address: String?, now: Int64
    ) async throws(FailedAuthentication) -> Caller {
        let (known, generation) = directory.callers.find(digest)
        if let known { return try check(known, from: address, now: now) }
        let found: KnownKey?
        do { found = try await read(digest) } catch { throw FailedAuthentication(error) }
        guard let found else { throw FailedAuthentication(.keyInvalid()) }
        // Also one that is not let in: whoever tries it again and again costs no look-up each time.
        directory.callers.remember(found, for: digest, generation: generation)
        return try check(found, from: address, now: now)
    }

    private func check(
        _ key: KnownKey, from address: String?, now: Int64
    ) throws(FailedAuthentication) -> Caller {
        if key.isRevoked { throw FailedAuthentication(.keyRevoked(), of: key.caller) }
        if let expiry = key.caller.expiresAt, expiry <= now {
            throw FailedAuthentication(.keyExpired(), of: key.caller)
        }
        guard key.caller.isAccepted(from: address) else {
            throw FailedAuthentication(.addressNotAllowed(), of: key.caller)
        }
        return key.caller
    }

    private func read(_ digest: [UInt8]) async throws(WorkspaceError) -> KnownKey? {
        try await database.read(throwing: WorkspaceError.self) { transaction in
            let row = try transaction.row(
                """
                SELECT k.id, k.kind, k.expires_at, k.revoked_at, k.holder, k.allowed_addresses, k.abilities,
                    w.id, w.name, w.subscription, w.settings, w.created_at
                FROM api_key k JOIN workspace w ON w.id = k.workspace WHERE k.digest = $1
                """, [.bytes(digest)])
            guard let row, let kind = KeyKind(rawValue: try row.text(1)) else { return nil }
            let caller = Caller(
                workspace: try directory.workspace(from: row, first: 7), keyIdentifier: try row.text(0), kind: kind,
                holder: try row.text(4), expiresAt: try row.optionalInteger(2),
                limits: try KeyLimits(addresses: try row.text(5), abilities: try row.text(6)))
            return KnownKey(caller: caller, isRevoked: try row.optionalInteger(3) != nil)
        }
    }

    private func recordRefusal(
        of caller: Caller, request: String, address: String
    ) async throws(WorkspaceError) {
        let origin = RequestOrigin(principal: .key(caller.keyIdentifier), request: request, address: address)
        let now = clock.now()
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try audit.append(
                AuditEntry(
                    workspace: caller.workspace.id, time: now, action: .keyRefused, record: caller.keyIdentifier,
                    outcome: .refused, origin: origin, detail: "browser"), in: transaction)
        }
    }
}
