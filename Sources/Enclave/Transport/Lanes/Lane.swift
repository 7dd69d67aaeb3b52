import Threads

/// The queue and the worker threads of one provider. Lanes share nothing, so that a provider that hangs holds up
/// its own errands only.
final class Lane<Errand: Sendable, Outcome: Sendable>: Sendable {
    /// What is answered for an errand that no worker took.
    struct Refusals: Sendable {
        /// The queue is full.
        let busy: Outcome
        /// It waited too long in the queue.
        let late: Outcome
    }

    private let refusals: Refusals
    private let queue: LaneQueue<Errand, Outcome>

    /// Starts one thread for each worker, and one that answers for jobs that wait too long in the queue.
    ///
    /// - Parameters:
    ///   - name: the provider's, which the threads are named for.
    ///   - capacity: errands that may wait for a worker.
    /// - Throws: ``TransportError/noThread``.
    init(
        _ name: String, capacity: Int, workers: [any LaneWorker<Errand, Outcome>], refusals: Refusals
    ) throws(TransportError) {
        self.refusals = refusals
        queue = LaneQueue(capacity: capacity)
        do {
            for (rank, worker) in workers.enumerated() { try start(worker, rank: rank, name: name) }
            try startKeeper(name)
        } catch {
            _ = queue.close()
            throw error
        }
    }

    deinit {
        for job in queue.close() { job.completion(refusals.busy) }
    }

    /// Queues an errand, or answers at once if the queue is full.
    ///
    /// - Parameters:
    ///   - latestStart: until when to wait for a worker; nil for the deadline.
    ///   - deadline: when to give up, the time in the queue included.
    ///   - completion: called exactly once, on another thread unless the queue is full.
    func accept(
        _ errand: Errand, latestStart: ContinuousClock.Instant? = nil, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (Outcome) -> Void
    ) {
        let job = LaneJob(
            errand: errand, latestStart: latestStart ?? deadline, deadline: deadline, completion: completion)
        if !queue.append(job) { completion(refusals.busy) }
    }

    private func start(
        _ worker: any LaneWorker<Errand, Outcome>, rank: Int, name: String
    ) throws(TransportError) {
        let carried = Carried(worker: worker)
        let started = DetachedThread.start("run \(name)") { [queue, refusals] in
            while let job = queue.next(rank: rank) {
                let isLate = job.latestStart <= .now
                job.completion(isLate ? refusals.late : carried.worker.run(job.errand, until: job.deadline))
            }
        }
        guard started else { throw .noThread }
    }

    private func startKeeper(_ name: String) throws(TransportError) {
        let started = DetachedThread.start("expire \(name)") { [queue, refusals] in
            while let expired = queue.nextExpired() {
                for job in expired { job.completion(refusals.late) }
            }
        }
        guard started else { throw .noThread }
    }

    /// Takes a worker onto its thread. `@unchecked` because a worker is made on one thread and used on another, never
    /// on both.
    private struct Carried: @unchecked Sendable {
        let worker: any LaneWorker<Errand, Outcome>
    }
}
