import AuditLog
import EnclaveLink
import Fixtures
import Storage
import Testing
import Workspaces

@testable import Webhooks

@Suite("A change of the master key")
struct MasterKeyTests {
    private let bench: WebhookBench

    init() async throws { bench = try await WebhookBench() }

    private func rotation(_ enclave: (any EnclaveCalling)? = nil) -> MasterKeyRotation {
        let installation = bench.installation
        return MasterKeyRotation(
            database: installation.database, audit: installation.audit, enclave: enclave ?? installation.enclave,
            users: [installation.signingKeys, installation.webhookEndpoints], clock: installation.time.wall)
    }

    /// What the log says of the master key, oldest first.
    private static func trail(_ installation: Installation) async throws -> [String] {
        try await installation.database.read { transaction in
            try transaction.rows(
                """
                SELECT action, outcome, detail FROM audit_entry WHERE workspace = '-' AND record = 'master_key'
                ORDER BY sequence
                """, []
            ).map { try "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        }
    }

    @Test("is in the log before the enclave is asked, and once more when it is made")
    func begun() async throws {
        let installation = bench.installation
        let seen = Recorded<String>()
        let enclave = StagedEnclave(
            installation.enclave,
            before: { request in
                guard request is RotateMasterKey || request is RetireMasterKeys else { return }
                guard let trail = try? await Self.trail(installation), let last = trail.last else { return }
                seen.append(last)
            })
        _ = try await rotation(enclave).rotate(origin: .system)
        _ = try await rotation(enclave).retire(origin: .system)
        #expect(seen.all == ["master_key.rotation_begun done ", "master_key.retirement_begun done version 2"])
        #expect(
            try await Self.trail(installation) == [
                "master_key.rotation_begun done ", "master_key.rotated done version 2",
                "master_key.retirement_begun done version 2", "master_key.retired done version 2",
            ])
    }

    @Test("that the enclave refuses, or gives no answer to, is in the log as that")
    func ended() async throws {
        let away = StagedEnclave(
            bench.installation.enclave,
            before: { request throws(EnclaveError) in
                if request is RotateMasterKey || request is RetireMasterKeys { throw EnclaveError(.unavailable) }
            })
        await #expect(throws: WorkspaceError.unavailable("")) { try await rotation(away).rotate(origin: .system) }
        await #expect(throws: WorkspaceError.unavailable("")) { try await rotation(away).retire(origin: .system) }
        for _ in 2...16 { _ = try await rotation().rotate(origin: .system) }
        await #expect(throws: WorkspaceError.invalidSetting("")) { try await rotation().rotate(origin: .system) }
        let trail = try await Self.trail(bench.installation)
        #expect(trail[1] == "master_key.rotated failed unavailable")
        #expect(trail[3] == "master_key.retired failed unavailable")
        #expect(trail.suffix(2) == ["master_key.rotation_begun done ", "master_key.rotated refused invalidSetting"])
    }

    @Test("under a key that wraps nothing any more is refused, and nobody is told to try again")
    func shortKey() async throws {
        let enclave = ShortKeyEnclave()
        await #expect(throws: WorkspaceError.invalidSetting("")) { try await rotation(enclave).rotate(origin: .system) }
        await #expect(throws: WorkspaceError.invalidSetting("")) { try await rotation(enclave).retire(origin: .system) }
        #expect(
            try await Self.trail(bench.installation) == [
                "master_key.rotation_begun done ", "master_key.rotated refused invalidSetting",
            ])
    }

    @Test("loses nothing that was sealed before and is stored after the old version is gone: that is made again")
    func late() async throws {
        let installation = bench.installation
        let master = rotation()
        let late = StagedEnclave(
            installation.enclave,
            after: { request throws(EnclaveError) in
                guard request is MakeWebhookSecret else { return }
                do {
                    _ = try await master.rotate(origin: .system)
                    _ = try await master.retire(origin: .system)
                } catch {
                    throw EnclaveError(.requestRefused)
                }
            })
        let endpoints = WebhookEndpoints(queue: installation.webhookQueue, enclave: late, clock: installation.time.wall)
        await #expect(throws: WebhookError.unavailable("")) {
            try await endpoints.create(
                WebhookEndpointWish(url: WebhookBench.url), workspace: bench.workspace.id, origin: .system)
        }
        #expect(try await bench.endpoints.list(workspace: bench.workspace.id).isEmpty)
        try await bench.create()
        #expect(try await installation.webhookEndpoints.reseal(with: installation.enclave) == 0)
        try await bench.append()
        await bench.deliverDue()
        #expect(bench.receivers.received.count == 1)
    }
}

/// An enclave whose master keys a key of fewer than 256 bits wraps.
private struct ShortKeyEnclave: EnclaveCalling {
    let greeting: Greeting? = nil

    func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        let wrapping = VaultDescription.Wrapping(token: "one", key: "short")
        let description = VaultDescription(wrapping: wrapping, versions: [1], outlook: .keyTooShort)
        guard request is DescribeVault, let reply = description as? Request.Reply else {
            throw EnclaveError(.unavailable)
        }
        return reply
    }
}
