import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Reports that are written in one unit of work.
    private static let reportStep = 200

    /// Has the enclave check and read what claims to be a provider's report, and writes down what it says. What was said
    /// before changes nothing, and nor does what is said of a message that nobody knows.
    ///
    /// - Parameter network: whence the request is, as limits name it; nil over the Unix socket.
    /// - Returns: the text that the provider waits for; nil where it waits for none.
    /// - Throws: `reportRefused`, `reportMalformed`, `unavailable`; a limit where the network sent too much without proof.
    public func take(
        _ request: ReadDeliveryReports, from network: String?, origin: RequestOrigin
    ) async throws(PasscodeError) -> String? {
        let names = try presentEnclave().providers.filter(\.isForMessages).map(\.name)
        guard names.contains(request.provider) else { throw .reportRefused() }
        let found = try await unprovenReports.reading(from: network, now: clock.now()) {
            () async throws(PasscodeError) in try await enclave.ask(request)
        }
        switch found {
        case .refused: throw .reportRefused()
        case .malformed: throw .reportMalformed()
        case .confirmation(let text): return text
        case .reports(let reports):
            try await record(reports, from: request.provider, origin: origin)
            return nil
        }
    }

    private func record(
        _ reports: [DeliveryReport], from provider: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        // That a provider passed a message on is no news: it was taken before.
        let news = reports.filter { $0.state != .sent }
        guard !news.isEmpty else { return }
        let now = clock.now()
        // In steps that others do not have to wait for. A provider that is told of a failure in the middle sends all of them
        // again, and what was written changes nothing then.
        for start in stride(from: 0, to: news.count, by: Self.reportStep) {
            let step = news[start..<min(news.count, start + Self.reportStep)]
            try await database.write(throwing: PasscodeError.self) { transaction in
                for report in step {
                    try self.record(report, from: provider, origin: origin, now: now, in: transaction)
                }
            }
        }
    }

    /// Writes down what was said of a message before its name was stored. Nobody waits for it any more: where it fails,
    /// the message stays what it is.
    func recordEarlyReport(of delivery: Delivery) async {
        let report = earlyReports.take(delivery.message, from: delivery.provider, now: clock.now())
        if let report { try? await record([report], from: delivery.provider, origin: .system) }
    }

    private func record(
        _ report: DeliveryReport, from provider: String, origin: RequestOrigin, now: Int64,
        in transaction: any Transaction
    ) throws {
        guard var delivery = try Delivery.find(provider: provider, message: report.message, in: transaction) else {
            // In the unit of work: the one that stores the name is before this one or after it.
            return earlyReports.keep(report, from: provider, now: now)
        }
        let wasFailed = delivery.state == .failed
        delivery.state = report.state == .delivered ? .delivered : .failed
        delivery.reason = report.state == .delivered ? "" : "reported \(report.reason)"
        // A provider counts in seconds, and its clock is its own.
        delivery.reportedAt = min(now, max(report.time ?? now, delivery.settledAt ?? now))
        guard try delivery.report(in: transaction),
            let challenge = try Challenge.find(delivery.challenge, workspace: delivery.workspace, in: transaction)
        else { return }
        try audit.append(
            AuditEntry(
                workspace: challenge.workspace, time: now, action: .challengeReported, record: challenge.id,
                outcome: report.state == .delivered ? .done : .failed, origin: origin,
                subject: AuditSubject(digest: challenge.contact),
                detail: [provider, delivery.reason].filter { !$0.isEmpty }.joined(separator: ": ")), in: transaction)
        // In the unit of work too: figures are none that an account is made up from.
        note(report.state == .delivered ? .delivered(wasFailed: wasFailed) : .failed, of: challenge, by: delivery)
        try tell(
            report.state == .delivered ? .delivered : .failed, of: challenge, by: delivery, at: now, in: transaction)
    }
}

extension ConfiguredProvider {
    fileprivate var isForMessages: Bool {
        if case .messages = purpose { true } else { false }
    }
}
