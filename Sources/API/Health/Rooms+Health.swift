import AuditLog
import EnclaveLink
import HTTPServer
import Workspaces

extension Rooms {
    /// How it stands with everything that a request may need, as of a second ago at most.
    func health() async -> Health {
        await healthMemory.health(now: clock.now()) { [self] in await examine() }
            .draining(observation.traffic.isDraining)
    }

    private func examine() async -> Health {
        async let databaseAnswer = databaseState()
        async let enclaveAnswer = enclaveState()
        let (database, enclave) = await (databaseAnswer, enclaveAnswer)
        let states: [Health.Check: Health.State] = [
            .server: .ok,
            .database: database,
            .disk: diskState,
            .enclave: enclave,
            // The enclave holds the master keys from its start on: an HSM that is away meanwhile keeps nobody waiting, and
            // is not asked because somebody looks here. Whether it answers is what `vault status` and `doctor` are for.
            .vault: enclave,
            .signingKeys: (try? signingKeys.current(.identity)) == nil ? .failing : .ok,
            .auditLog: await auditLog.refused().isEmpty ? .ok : .failing,
            .certificate: certificateState,
            .providers: challenges.providersLeftOut.isEmpty ? .ok : .degraded,
        ]
        return Health(checks: Health.Check.allCases.map { ($0, states[$0] ?? .failing) })
    }

    /// A unit of work that changes nothing goes the way of all others, to the disk.
    func databaseState() async -> Health.State {
        await databaseQuestion.state { [directory] in
            do { try await directory.probe() } catch { return .failing }
            return .ok
        }
    }

    /// Whether the enclave answers: one that is up may be stopped, or have no processor.
    func enclaveState() async -> Health.State {
        guard enclave.greeting != nil else { return .failing }
        return await enclaveQuestion.state { [enclave] in
            // A call that is late also has the link ask whether anybody is there, and give up an enclave that is not.
            do throws(EnclaveError) { _ = try await enclave.call(Greet(timeLimit: 5000)) } catch {
                return Self.state(error, of: enclave)
            }
            return .ok
        }
    }

    private static func state(_ error: EnclaveError, of enclave: any EnclaveCalling) -> Health.State {
        switch error.code {
        // There is no room for one more call, which also comes of nobody answering those that wait.
        case .overloaded: enclave.isQuiet ? .unanswered : .degraded
        // Its time is over, and it is there: whoever asks next waits for the next answer.
        case .unavailable: enclave.greeting == nil ? .failing : .unanswered
        case .sealRefused, .keyRefused, .requestRefused, .challengeNotAlive, .rewrapped, .wrappedByUnnamed:
            .failing
        }
    }

    private var diskState: Health.State {
        guard let free = observation.files()?.free else { return .ok }
        return switch DiskRoom(free: free) {
        case .enough: .ok
        case .little: .degraded
        case .none: .failing
        }
    }

    private var certificateState: Health.State {
        guard let tls else { return .ok }
        let now = clock.now() / 1000
        guard tls.certificate.daysLeft(now: now) >= 0 else { return .failing }
        return tls.refusal != nil || tls.certificate.isRenewalDue(now: now) ? .degraded : .ok
    }
}
