import Foundation

/// One-time permissions (the Agent OTP dialect). Needs an agent's key; `verifyToken` and `useToken` also take a
/// verifier's.
public struct Permissions: Sendable {
    /// The longest that the server lets a request wait, in seconds.
    private static let longestPoll = 30

    let connection: Connection
    /// The agent's own key, where the server knows one: each request then carries a proof of it.
    let proofKey: (any ClientKey)?

    /// Asks for a permission. A policy approves or denies at once; else it is pending, and ``waitForApproval`` follows.
    /// - Parameter idempotencyKey: names this wish. The client makes one and keeps it over its retries.
    /// - Throws: `permissionDenied` with the reason; `refused` with `validationError`, `agentInactive`,
    ///   `rateLimitExceeded`, `tooManyPending` and others; the network's errors.
    public func requestPermission(
        _ wish: PermissionWish, idempotencyKey: String? = nil
    ) async throws(CountersignError) -> Permission {
        let body = RequestBody(
            action: wish.action, resource: wish.resource, scope: wish.scope, context: wish.context,
            ttl: Int(wish.lifetime.components.seconds))
        let key = idempotencyKey ?? connection.surroundings.identifier()
        let permission = try await ask(.idempotent("\(Self.path)/request", Wire.camelCase.encode(body), key: key))
        return try Self.undenied(permission)
    }

    /// Waits until people have decided. The answer has the token, once: keep it, or act at once. A server that has no
    /// room for one more who waits is asked again when it says.
    /// - Throws: `permissionDenied`, `permissionEnded` where its time is over or it was revoked; `approvalTimedOut` where
    ///   `timeout` is over and nobody decided.
    public func waitForApproval(
        of id: String, timeout: Duration = .seconds(300)
    ) async throws(CountersignError) -> Permission {
        let end = connection.surroundings.now().addingTimeInterval(Double(timeout.components.seconds))
        while true {
            let left = Int(end.timeIntervalSince(connection.surroundings.now()).rounded(.up))
            let found: Permission
            do throws(CountersignError) {
                found = try await collect(id, waiting: min(max(left, 0), Self.longestPoll))
            } catch {
                try await pause(after: error, atMost: .seconds(left))
                continue
            }
            let permission = try Self.undenied(found)
            switch permission.status {
            case .pending: guard left > 0 else { throw .approvalTimedOut() }
            case .approved, .used: return permission
            case .denied, .expired, .revoked: throw .permissionEnded(permission.status, permission.reason)
            }
        }
    }

    /// Waits as long as the server asks before the next try. Rethrows an error that does not pass by itself, or not in time.
    private func pause(after error: CountersignError, atMost left: Duration) async throws(CountersignError) {
        guard error.status == 429 || error.status == 503, let asked = error.retryAfter, asked < left else {
            throw error
        }
        do { try await connection.surroundings.wait(max(asked, connection.configuration.retries.firstPause)) } catch {
            throw CountersignError(TransportError(.cancelled, mayHaveArrived: false))
        }
    }

    /// How a permission stands; with the token the first time after its approval.
    public func permission(_ id: String) async throws(CountersignError) -> Permission {
        try await collect(id, waiting: 0)
    }

    /// Looks at a token. Uses nothing up.
    public func verifyToken(_ token: Secret, of id: String) async throws(CountersignError) -> TokenCheck {
        var call = Call.get("\(Self.path)/\(PathSegment.encode(id))/verify")
        call.method = "POST"
        call.body = Wire.camelCase.encode(TokenBody(token: token))
        let found: CheckAnswer = try await data(of: call)
        guard found.valid, let scope = found.scope, let uses = found.usesRemaining, let end = found.expiresAt else {
            return .invalid(reason: found.reason ?? "")
        }
        return .valid(scope: scope, usesRemaining: uses, expiresAt: end)
    }

    /// Uses a token, before what it permits is done. Returns how often it still works.
    ///
    /// Never sent again by itself once the server may have got it: an error with `mayHaveHappened` leaves open whether
    /// the token was used up, and then nothing may be done with it.
    /// - Parameter details: what is about to be done, such as `["amount": 50]`; checked against the scope.
    /// - Throws: `tokenRefused` with the reason.
    @discardableResult
    public func useToken(
        _ token: Secret, of id: String, details: [String: PermissionValue] = [:]
    ) async throws(CountersignError) -> Int {
        let body = TokenBody(token: token, actionDetails: details.isEmpty ? nil : details)
        let use: UseAnswer = try await data(
            of: .once("\(Self.path)/\(PathSegment.encode(id))/use", Wire.camelCase.encode(body)))
        guard use.success else { throw .tokenRefused(use.reason) }
        return use.usesRemaining
    }

    /// Gives a permission back, or withdraws a request.
    public func revoke(_ id: String, reason: String? = nil) async throws(CountersignError) {
        let _: RevokeAnswer = try await data(
            of: .once(
                "\(Self.path)/\(PathSegment.encode(id))/revoke", Wire.camelCase.encode(RevokeBody(reason: reason))))
    }

    /// Figures of this agent.
    public func metrics(
        _ period: PermissionMetrics.Period = .hour
    ) async throws(CountersignError) -> PermissionMetrics {
        try await data(of: .get("/api/v1/metrics?period=\(period.rawValue)"))
    }

    static let path = "/api/v1/permissions"

    /// A read that hands something out is not repeated once it may have arrived: the second answer has no token.
    private func collect(_ id: String, waiting seconds: Int) async throws(CountersignError) -> Permission {
        var call = Call.get("\(Self.path)/\(PathSegment.encode(id))?wait=\(seconds)")
        call.repetition = .onlyBeforeArrival
        call.patience = .seconds(seconds)
        return try await ask(call)
    }

    private func ask(_ call: Call) async throws(CountersignError) -> Permission {
        let answer: PermissionAnswer = try await data(of: call)
        return answer.permission
    }

    private func data<Value: Decodable>(of call: Call) async throws(CountersignError) -> Value {
        let response = try await connection.response(to: try proven(call))
        return try Wire.camelCase.decode(Envelope<Value>.self, from: response).data
    }

    private func proven(_ call: Call) throws(CountersignError) -> Call {
        guard let proofKey, case .agentKey(let secret)? = connection.configuration.credential?.kind else { return call }
        let url = try connection.address.url(call.path)
        var call = call
        call.headers = { [connection, inner = call.headers, method = call.method] () async throws(CountersignError) in
            var all = try await inner()
            all["DPoP"] = try await proofKey.possessionProof(
                method: method, url: url, token: secret, in: connection.surroundings)
            return all
        }
        return call
    }

    private static func undenied(_ permission: Permission) throws(CountersignError) -> Permission {
        guard permission.status != .denied else { throw .permissionDenied(permission.reason) }
        return permission
    }
}
