import CountersignClient

/// A program that acts for people, and asks before it does.
struct AgentProgram {
    var server: String
    /// `ak_live_…`
    var key: String

    /// Transfers some money, once somebody allowed it. Returns what was granted.
    func transfer(_ amount: Int, transfer: @Sendable (Int) async throws -> Void) async throws -> Permission {
        let countersign = try CountersignClient(ClientConfiguration(server: server, credential: .agentKey(key)))
        let wish = PermissionWish(
            "bank.transfer", resource: "account/42", scope: ["max_amount": .integer(amount)],
            context: ["reason": "the rent"])
        return try await countersign.permissions().withPermission(
            wish, details: ["amount": .integer(amount)],
            onPending: { permission in say("decide: \(permission.approvalAddress?.absoluteString ?? "")") },
            perform: { permission in
                try await transfer(amount)
                return permission
            })
    }

    func requestsOfTheLastHour() async throws -> Int {
        let countersign = try CountersignClient(ClientConfiguration(server: server, credential: .agentKey(key)))
        return try await countersign.permissions().metrics(.hour).requests
    }
}
