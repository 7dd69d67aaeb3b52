import Threads

/// The threads that open things for the enclave. Providers' streams, webhooks' and files wait in separate queues, so
/// that a name server that does not answer holds up no inbox, and a receiver's no provider.
struct DescriptorWorkers: Sendable {
    let streams = StreamWorkers()
    let webhooks: WorkerPool
    let inbox: WorkerPool

    /// - Returns: nil if the system has no threads to give.
    init?() {
        guard
            let webhooks = WorkerPool("open webhooks", threads: 16, capacity: 64),
            let inbox = WorkerPool("open inbox", threads: 2, capacity: 256)
        else { return nil }
        self.webhooks = webhooks
        self.inbox = inbox
    }

    /// Lets the threads end after what they have to do.
    func close() {
        streams.close()
        webhooks.close()
        inbox.close()
    }
}
