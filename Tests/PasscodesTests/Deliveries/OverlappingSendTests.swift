import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Passcodes

@Suite("Two sends of one code at the same time")
struct OverlappingSendTests {
    @Test("both are written down with all their tries, and both are answered")
    func bothFallBack() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        installation.mail.answer(.refused(.unreachable, by: "first"), by: "first")
        installation.mail.answer(.accepted(provider: "second", message: "SM2"), by: "second")
        installation.mail.hold()
        let sending = [
            Task { try await installation.send(workspace) }, Task { try await installation.send(workspace) },
        ]
        while installation.mail.held < 2 { await Task.yield() }
        installation.mail.letGo()
        for task in sending { _ = try await task.value }
        let dispatch = try await sending[0].value
        let deliveries = try await installation.status(of: dispatch, workspace).deliveries
        #expect(deliveries.map(\.attempt) == Array(1...6))
        #expect(deliveries.count { $0.state == .sent } == 2 && deliveries.allSatisfy { $0.settledAt != nil })
        #expect(installation.changes.kinds == [.sent, .sent])
    }

    @Test("one that fails takes back its own turn, not that of the other, which went out later")
    func ownTurn() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        try await installation.database.write { transaction in
            let first = try #require(try Challenge.find(dispatch.identifier, workspace: workspace.id, in: transaction))
            let sentAt = try #require(first.sentAt)
            var second = first
            second.sentAt = sentAt + 40_000
            try second.noteSentAgain(in: transaction)
            try first.takeSentBack(to: nil, in: transaction)
            func stored() throws -> Int64? {
                try Challenge.find(dispatch.identifier, workspace: workspace.id, in: transaction)?.sentAt
            }
            #expect(try stored() == sentAt + 40_000)
            try second.takeSentBack(to: first, in: transaction)
            #expect(try stored() == sentAt)
        }
    }
}
