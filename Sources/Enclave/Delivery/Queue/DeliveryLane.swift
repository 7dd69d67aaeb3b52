import EnclaveLink
import Threads

/// The queue and the worker threads of one provider. Lanes share nothing, so that a provider that hangs holds up
/// its own messages only.
final class DeliveryLane: Sendable {
    private let provider: String
    private let queue: DeliveryQueue

    /// Starts one thread for each carrier, and one that answers for jobs whose deadline passes in the queue.
    ///
    /// - Throws: ``CourierError/noThread``.
    init(provider: String, capacity: Int, carriers: [any MessageCarrier]) throws(CourierError) {
        self.provider = provider
        queue = DeliveryQueue(capacity: capacity)
        do {
            for (rank, carrier) in carriers.enumerated() { try startWorker(carrier, rank: rank) }
            try startKeeper()
        } catch {
            _ = queue.close()
            throw error
        }
    }

    deinit {
        for job in queue.close() { job.completion(Self.failure(provider, .busy)) }
    }

    /// Queues a job, or answers `busy` at once if the queue is full.
    func accept(_ job: DeliveryJob) {
        if !queue.append(job) { job.completion(Self.failure(provider, .busy)) }
    }

    /// A message of this lane that was not handed to anyone.
    func failure(_ reason: DeliveryFailure.Reason) -> DeliveryOutcome { Self.failure(provider, reason) }

    private func startWorker(_ carrier: any MessageCarrier, rank: Int) throws(CourierError) {
        let worker = Worker(carrier: carrier)
        let started = DetachedThread.start("deliver \(provider)") { [queue, provider] in
            while let job = queue.next(rank: rank) {
                let late = job.deadline <= .now
                job.completion(
                    late ? Self.failure(provider, .timedOut) : worker.carrier.carry(job.message, until: job.deadline))
            }
        }
        guard started else { throw .noThread }
    }

    private func startKeeper() throws(CourierError) {
        let started = DetachedThread.start("expire \(provider)") { [queue, provider] in
            while let expired = queue.nextExpired() {
                for job in expired { job.completion(Self.failure(provider, .timedOut)) }
            }
        }
        guard started else { throw .noThread }
    }

    private static func failure(_ provider: String, _ reason: DeliveryFailure.Reason) -> DeliveryOutcome {
        .failed(DeliveryFailure(provider: provider, reason: reason, providerStatus: 0, mayHaveArrived: false))
    }

    /// Carries a carrier onto its thread. `@unchecked` because a carrier is made on one thread and used on another,
    /// never on both.
    private struct Worker: @unchecked Sendable {
        let carrier: any MessageCarrier
    }
}
