import Logging

/// Starts enclave processes and asks each who it is.
struct EnclaveLauncher: Sendable {
    let origin: EnclaveOrigin
    let source: any DescriptorSource
    let workers: DescriptorWorkers
    let limits: CallLimits
    /// Milliseconds.
    let greetingTimeLimit: Int
    let logger: Logger

    func launch() async throws(EnclaveStartError) -> EnclaveLife {
        switch origin {
        case .child(let command): try await start(command)
        case .service(let path): try visit(path)
        }
    }

    private func start(_ command: EnclaveCommand) async throws(EnclaveStartError) -> EnclaveLife {
        guard let (host, enclave) = EnclaveSockets.make(sendTimeLimit: limits.sendTimeLimit) else {
            throw EnclaveStartError(.notStarted, reason: "no descriptor left")
        }
        let connection = connection(frames: host.frames, descriptors: host.descriptors)
        let process = try await EnclaveProcess.launch(command, with: enclave, events: host.events) { [logger] event in
            let notice = EnclaveNotice(line: event)
            logger.notice("enclave event", metadata: ["event": "\(notice.name)", "code": "\(notice.code)"])
        }
        // A process that is not talked to any more is of no use, and only its end has another one started.
        guard connection.start(ended: { Task { await process.end() } }) else {
            process.kill()
            throw EnclaveStartError(.notStarted, reason: "no thread left")
        }
        return EnclaveLife(instance: process, connection: connection)
    }

    private func visit(_ path: String) throws(EnclaveStartError) -> EnclaveLife {
        let (frames, descriptors) = try EnclaveSockets.connect(to: path, sendTimeLimit: limits.sendTimeLimit)
        let connection = connection(frames: frames, descriptors: descriptors)
        let visit = EnclaveVisit(frames: frames)
        guard connection.start(ended: visit.noteEnd) else {
            throw EnclaveStartError(.notStarted, reason: "no thread left")
        }
        return EnclaveLife(instance: visit, connection: connection)
    }

    private func connection(frames: OwnedDescriptor, descriptors: OwnedDescriptor) -> EnclaveConnection {
        let desk = DescriptorDesk(socket: descriptors, frames: frames, source: source, workers: workers)
        return EnclaveConnection(socket: frames, desk: desk, limits: limits)
    }

    /// - Throws: `refused` with the enclave's own words if it ended because of its configuration, else `noGreeting`.
    func greet(_ life: EnclaveLife) async throws(EnclaveStartError) -> Greeting {
        let impatience = Task { [greetingTimeLimit] in
            try await Task.sleep(for: .milliseconds(greetingTimeLimit))
            life.instance.kill()
        }
        defer { impatience.cancel() }
        do {
            return try await life.connection.greet()
        } catch {
            // It closed its socket or said something else than a greeting: either way it is of no more use.
            await life.stop()
            throw Self.error(after: await life.instance.ended())
        }
    }

    private static func error(after ending: EnclaveEnding) -> EnclaveStartError {
        if ending.isRefusal {
            return EnclaveStartError(.refused, reason: ending.lastWords.isEmpty ? "no reason given" : ending.lastWords)
        }
        if ending.cause == .disconnected {
            return EnclaveStartError(
                .noGreeting,
                reason:
                    "the enclave closed the connection before its greeting: it serves another host, or did not start, "
                    + "and then its own log says why")
        }
        let words = ending.lastWords.isEmpty ? "" : ": \(ending.lastWords)"
        return EnclaveStartError(.noGreeting, reason: "the enclave \(ending.description) before its greeting\(words)")
    }
}
