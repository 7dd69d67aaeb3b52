import Logging

/// Starts enclave processes and asks each who it is.
struct EnclaveLauncher: Sendable {
    let command: EnclaveCommand
    let source: any DescriptorSource
    let workers: DescriptorWorkers
    let limits: CallLimits
    /// Milliseconds.
    let greetingTimeLimit: Int
    let logger: Logger

    func launch() async throws(EnclaveStartError) -> EnclaveLife {
        guard let (host, enclave) = EnclaveSockets.make(sendTimeLimit: limits.sendTimeLimit) else {
            throw EnclaveStartError(.notStarted, reason: "no descriptor left")
        }
        let desk = DescriptorDesk(
            socket: host.descriptors, frames: host.frames, source: source, workers: workers)
        let connection = EnclaveConnection(socket: host.frames, desk: desk, limits: limits)
        let process = try await EnclaveProcess.launch(command, with: enclave, events: host.events) { [logger] event in
            let notice = EnclaveNotice(line: event)
            logger.notice("enclave event", metadata: ["event": "\(notice.name)", "code": "\(notice.code)"])
        }
        // A process that is not talked to any more is of no use, and only its end has another one started.
        guard connection.start(ended: { Task { await process.end() } }) else {
            process.kill()
            throw EnclaveStartError(.notStarted, reason: "no thread left")
        }
        return EnclaveLife(process: process, connection: connection)
    }

    /// - Throws: `refused` with the enclave's own words if it ended because of its configuration, else `noGreeting`.
    func greet(_ life: EnclaveLife) async throws(EnclaveStartError) -> Greeting {
        let impatience = Task { [greetingTimeLimit] in
            try await Task.sleep(for: .milliseconds(greetingTimeLimit))
            life.process.kill()
        }
        defer { impatience.cancel() }
        do {
            return try await life.connection.greet()
        } catch {
            // It closed its socket or said something else than a greeting: either way it is of no more use.
            await life.stop()
            throw Self.error(after: await life.process.ended())
        }
    }

    private static func error(after ending: EnclaveEnding) -> EnclaveStartError {
        if ending.isRefusal {
            return EnclaveStartError(.refused, reason: ending.lastWords.isEmpty ? "no reason given" : ending.lastWords)
        }
        let words = ending.lastWords.isEmpty ? "" : ": \(ending.lastWords)"
        return EnclaveStartError(.noGreeting, reason: "the enclave \(ending.description) before its greeting\(words)")
    }
}
