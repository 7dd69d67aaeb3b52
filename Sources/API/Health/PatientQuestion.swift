/// A question whose answer may not come, as from a process that somebody stopped or a disk that hangs.
///
/// It is asked once at a time: whoever wants to know meanwhile waits for the same answer, and nobody waits for long.
actor PatientQuestion {
    private let patience: Duration
    private var isUnderWay = false
    private var lastWaiter = 0
    private var waiting: [Int: CheckedContinuation<Health.State, Never>] = [:]

    /// - Parameter patience: how long anybody waits.
    init(patience: Duration) { self.patience = patience }

    /// What `ask` answers; `unanswered` where nothing has come in time. It goes on then, and its answer serves whoever
    /// waits when it comes.
    func state(_ ask: @escaping @Sendable () async -> Health.State) async -> Health.State {
        if !isUnderWay {
            isUnderWay = true
            Task { settle(await ask()) }
        }
        lastWaiter += 1
        let waiter = lastWaiter
        let impatience = Task { [patience] in
            try await Task.sleep(for: patience)
            resume(waiter, with: .unanswered)
        }
        defer { impatience.cancel() }
        return await withCheckedContinuation { waiting[waiter] = $0 }
    }

    private func settle(_ state: Health.State) {
        isUnderWay = false
        for waiter in waiting.keys { resume(waiter, with: state) }
    }

    private func resume(_ waiter: Int, with state: Health.State) {
        waiting.removeValue(forKey: waiter)?.resume(returning: state)
    }
}
