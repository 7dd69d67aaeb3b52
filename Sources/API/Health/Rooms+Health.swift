import AuditLog
import EnclaveLink
import HTTPServer
import Workspaces

extension Rooms {
    /// Bytes below which a write may fail at any moment, and those below which somebody should make room: as `doctor` says.
    private static let leastRoom = 100 << 20
    private static let enoughRoom = 1024 << 20
    /// Days before its end from which on a certificate is overdue.
    private static let renewalDays = 30

    /// How it stands with everything that a request may need, as of a second ago at most.
    func health() async -> Health {
        await healthMemory.health(now: clock.now()) { [self] in await examine() }
            .draining(observation.traffic.isDraining)
    }

    private func examine() async -> Health {
        async let database = databaseState
        let states: [Health.Check: Health.State] = [
            .server: .ok,
            .database: await database,
            .disk: diskState,
            .enclave: enclave.greeting == nil ? .failing : .ok,
            // The enclave holds the master keys from its start on: an HSM that is away meanwhile keeps nobody waiting, and
            // is not asked because somebody looks here. Whether it answers is what `vault status` and `doctor` are for.
            .vault: enclave.greeting == nil ? .failing : .ok,
            .signingKeys: (try? signingKeys.current(.identity)) == nil ? .failing : .ok,
            .auditLog: await auditLog.refused().isEmpty ? .ok : .failing,
            .certificate: certificateState,
            .providers: challenges.providersLeftOut.isEmpty ? .ok : .degraded,
        ]
        return Health(checks: Health.Check.allCases.map { ($0, states[$0] ?? .failing) })
    }

    /// A unit of work that changes nothing goes the way of all others, to the disk.
    private var databaseState: Health.State {
        get async {
            do { try await directory.probe() } catch { return .failing }
            return .ok
        }
    }

    private var diskState: Health.State {
        guard let free = observation.files()?.free else { return .ok }
        return free < Self.leastRoom ? .failing : free < Self.enoughRoom ? .degraded : .ok
    }

    private var certificateState: Health.State {
        guard let tls else { return .ok }
        let days = tls.certificate.daysLeft(now: clock.now() / 1000)
        guard days >= 0 else { return .failing }
        return tls.refusal != nil || days < Self.renewalDays ? .degraded : .ok
    }
}
