import Glibc
import Synchronization
import Threads

/// One life of the enclave's process.
///
/// One thread starts it, listens to its standard error and waits for it: the kernel ends the enclave when the thread
/// that started it ends (prctl(2), PR_SET_PDEATHSIG).
final class EnclaveProcess: EnclaveInstance {
    private let identifier: pid_t
    private let notice = EndingNotice()

    var processIdentifier: pid_t? { identifier }

    private init(identifier: pid_t) { self.identifier = identifier }

    /// - Parameters:
    ///   - ends: the enclave's side; closed here as soon as the process has it, so that its end is noticed.
    ///   - events: where its standard error arrives.
    ///   - hear: gets each line that the enclave writes as an event.
    static func launch(
        _ command: EnclaveCommand, with ends: EnclaveDescriptors, events: OwnedDescriptor,
        hear: @escaping @Sendable (String) -> Void
    ) async throws(EnclaveStartError) -> EnclaveProcess {
        let ends = Mutex<EnclaveDescriptors?>(ends)
        let result: Result<EnclaveProcess, EnclaveStartError> = await withCheckedContinuation { continuation in
            let started = DetachedThread.start("enclave process") {
                let result = spawn(command, ends)
                continuation.resume(returning: result)
                if case .success(let process) = result { process.attend(EnclaveWords(hear: hear), events) }
            }
            if !started {
                continuation.resume(returning: .failure(EnclaveStartError(.notStarted, reason: "no thread left")))
            }
        }
        return try result.get()
    }

    func ended() async -> EnclaveEnding { await notice.wait() }

    func kill() {
        // As long as no ending is noted the process is not reaped, and its number is not reused.
        notice.beforeEnd { _ = Glibc.kill(identifier, SIGKILL) }
    }

    private static func spawn(
        _ command: EnclaveCommand, _ ends: borrowing Mutex<EnclaveDescriptors?>
    ) -> Result<EnclaveProcess, EnclaveStartError> {
        let own = ends.withLock { ends in
            defer { ends = nil }
            return ends
        }
        guard let own else { return .failure(EnclaveStartError(.notStarted, reason: "started twice")) }
        switch command.spawn(with: own) {
        case .success(let identifier): return .success(EnclaveProcess(identifier: identifier))
        case .failure(let refusal):
            let reason = "\(command.executable): \(String(cString: strerror(refusal.status)))"
            return .failure(EnclaveStartError(.notStarted, reason: reason))
        }
    }

    private func attend(_ words: consuming EnclaveWords, _ events: OwnedDescriptor) {
        words.listen(to: events)
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        notice.note {
            var status: Int32 = 0
            _ = waitpid(identifier, &status, 0)
            return EnclaveEnding(cause: EnclaveEnding.Cause(status: status), lastWords: words.last)
        }
    }
}

extension EnclaveEnding.Cause {
    /// Reads the status of wait(2).
    init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    }
}
