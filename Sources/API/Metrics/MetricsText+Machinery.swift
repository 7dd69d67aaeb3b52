import AuditLog
import EnclaveLink
import Figures
import Storage
import Webhooks

/// What the server stands on: storage, enclave, the audit logs' signatures, webhooks, the process itself.
extension MetricsText {
    mutating func add(_ storage: StorageFigures) {
        gauge("countersign_storage_waiting_writes", "Units of work that wait to be written.", storage.waitingWrites)
        gauge("countersign_storage_waiting_writes_limit", "Beyond so many, writes are refused.", storage.waitingLimit)
        counter("countersign_storage_writes_total", "Units of work in commits.", storage.writes)
        counter("countersign_storage_commits_total", "Commits, each for all units that waited.", storage.commits)
        gauge(
            "countersign_storage_refusing", "1 once the disk failed to keep what was written; start the process again.",
            storage.isRefusing ? 1 : 0)
        let durations = "countersign_storage_synchronization_seconds"
        begin(durations, .histogram, "Time to bring commits to the disk.")
        add(durations, [], storage.synchronizations)
    }

    mutating func add(_ files: FileFigures) {
        gauge("countersign_storage_free_bytes", "Room on the disk of the data folder.", files.free)
        begin("countersign_storage_size_bytes", .gauge, "The database's files.")
        sample("countersign_storage_size_bytes", [("file", "database")], files.database)
        sample("countersign_storage_size_bytes", [("file", "log")], files.log)
    }

    mutating func add(_ enclave: EnclaveFigures) {
        gauge("countersign_enclave_up", "1 while an enclave is up.", enclave.isUp ? 1 : 0)
        gauge("countersign_enclave_waiting_requests", "Requests to the enclave without an answer yet.", enclave.waiting)
        counter("countersign_enclave_restarts_total", "Enclaves that ended while the host ran.", enclave.restarts)
        let requests = "countersign_enclave_requests_total"
        begin(requests, .counter, "Requests to the enclave: done, or refused, late and without an enclave.")
        sample(requests, [("result", "done")], enclave.done)
        sample(requests, [("result", "failed")], enclave.failed)
        let durations = "countersign_enclave_request_duration_seconds"
        begin(durations, .histogram, "Time until the enclave answered.")
        add(durations, [], enclave.durations)
    }

    /// - Parameter now: Unix milliseconds.
    mutating func add(_ sequencing: SequencingFigures, now: Int64) {
        let logs = "countersign_audit_logs"
        begin(
            logs, .gauge,
            "Audit logs: signed as far as they go, about to be, and those that an operator has to look after.")
        sample(logs, [("state", "signed")], sequencing.fine)
        sample(logs, [("state", "waiting")], sequencing.waiting)
        sample(logs, [("state", "refused")], sequencing.refused)
        counter(
            "countersign_audit_signed_entries_total", "Entries that were taken into signed heads.",
            sequencing.signedEntries)
        counter(
            "countersign_audit_signed_heads_total", "Heads that the enclave signed and anchored.",
            sequencing.signedHeads)
        guard let settledAt = sequencing.settledAt else { return }
        gauge(
            "countersign_audit_anchor_age_seconds", "Since all entries were last covered by anchored heads.",
            Int(max(0, now - settledAt) / 1000))
    }

    /// - Parameter now: Unix milliseconds.
    mutating func add(_ webhooks: WebhookFigures, now: Int64) {
        gauge("countersign_webhook_waiting", "Deliveries that wait for an attempt.", webhooks.waiting)
        gauge(
            "countersign_webhook_late_seconds", "How long the delivery has been due that was due first.",
            webhooks.nextDue.map { Int(max(0, now - $0) / 1000) } ?? 0)
        gauge("countersign_webhook_dead_letters", "Deliveries that were given up and kept.", webhooks.dead)
        gauge(
            "countersign_webhook_dropped", "Messages that were dropped because their endpoint's queue was full.",
            webhooks.dropped)
        let endpoints = "countersign_webhook_endpoints"
        begin(endpoints, .gauge, "Endpoints of all workspaces.")
        sample(endpoints, [("state", "enabled")], webhooks.enabled)
        sample(endpoints, [("state", "disabled")], webhooks.disabled)
    }

    mutating func add(_ webhooks: WebhookCounters) {
        let attempts = "countersign_webhook_attempts_total"
        begin(attempts, .counter, "Attempts to deliver webhooks by how they ended.")
        for (outcome, count) in webhooks.snapshot { sample(attempts, [("outcome", outcome.rawValue)], count) }
    }

    /// The names that Prometheus' own clients use
    /// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
    mutating func add(_ process: ProcessFigures) {
        gauge("process_resident_memory_bytes", "Memory of the host's process.", process.residentMemory)
        gauge("process_open_fds", "Open descriptors.", process.openDescriptors)
        gauge("process_max_fds", "Descriptors that the process may open.", process.descriptorLimit)
        gauge("process_threads", "Threads.", process.threads)
        begin("process_cpu_seconds_total", .counter, "Seconds of processors.")
        sample("process_cpu_seconds_total", process.processorSeconds)
        begin("process_start_time_seconds", .gauge, "When the process started, since 1970.")
        sample("process_start_time_seconds", process.startedAt)
    }

    /// A gauge without labels.
    private mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        begin(name, .gauge, help)
        sample(name, [], value)
    }

    /// A counter without labels.
    private mutating func counter(_ name: String, _ help: String, _ value: Int) {
        begin(name, .counter, help)
        sample(name, [], value)
    }
}
