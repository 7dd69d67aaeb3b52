extension Permissions {
    /// Asks for a permission, waits for it, uses the token up, and only then does what it permits.
    ///
    /// In this order a crash costs a permission; the other way round it could cost a second transfer.
    ///
    /// - Parameters:
    ///   - details: what is about to be done; checked against what was granted.
    ///   - timeout: how long people have to decide.
    ///   - onPending: called once if people have to decide, to show where and, where wanted, the number.
    ///   - perform: does it, with what was granted, which may be narrower than what was asked for.
    /// - Throws: what `requestPermission`, `waitForApproval` and `useToken` throw, and what `perform` throws. A request that
    ///   nobody decided in time is withdrawn, as far as the server can be reached; so is one that the server had no room to wait for.
    public func withPermission<Result: Sendable>(
        _ wish: PermissionWish, details: [String: PermissionValue] = [:], timeout: Duration = .seconds(300),
        onPending: @Sendable (Permission) async -> Void = { _ in },
        perform: @Sendable (Permission) async throws -> Result
    ) async throws -> Result {
        var permission = try await requestPermission(wish)
        if permission.status == .pending {
            await onPending(permission)
            permission = try await approval(of: permission.id, within: timeout)
        }
        guard let token = permission.token else { throw CountersignError.tokenHandedOut() }
        try await useToken(token, of: permission.id, details: details)
        return try await perform(permission)
    }

    /// Nobody is to approve later what nobody waits for any more.
    private func approval(of id: String, within timeout: Duration) async throws(CountersignError) -> Permission {
        do {
            return try await waitForApproval(of: id, timeout: timeout)
        } catch {
            let isOver = error == .approvalTimedOut() || error.status == 429 || error.status == 503
            if isOver { try? await revoke(id, reason: "Nobody decided in time.") }
            throw error
        }
    }
}
