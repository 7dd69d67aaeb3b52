import EnclaveLink
import JOSE

/// Delivery reports of a server of one's own: JSON, signed as Standard Webhooks 1.0 has it.
struct WebhookReports {
    /// Seconds that a report's time may be off, as Standard Webhooks recommends.
    private static let tolerance: Int64 = 300

    let key: WebhookKey

    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        guard call.method == "POST", isSigned(call, now: now.unixMilliseconds / 1000) else { return .refused }
        guard let content = try? JSONValue(parsing: call.body), let entries = content["reports"]?.elements,
            entries.count <= DeliveryReportsReading.limit
        else { return .malformed }
        let reports = entries.compactMap(Self.report)
        return reports.count == entries.count ? .reports(reports) : .malformed
    }

    private func isSigned(_ call: ReadDeliveryReports, now: Int64) -> Bool {
        guard let message = call.header("webhook-id"), let time = call.header("webhook-timestamp"),
            let timestamp = Int64(time), now - Self.tolerance...now + Self.tolerance ~= timestamp,
            let signatures = call.header("webhook-signature")
        else { return false }
        return signatures.split(separator: " ").contains { signature in
            SignedWebhook.isProven(
                String(signature), message: message, timestamp: timestamp, body: call.body, key: key.symmetricKey)
        }
    }

    private static func report(_ entry: JSONValue) -> DeliveryReport? {
        guard let message = entry["message"]?.text, DeliveryReport.isMessage(message),
            let state = entry["state"]?.text.flatMap({ DeliveryReport.State(rawValue: $0) })
        else { return nil }
        var time: Int64?
        if case .integer(let seconds) = entry["time"] { time = DeliveryReport.time(seconds: seconds) }
        return DeliveryReport(of: message, state, because: entry["reason"]?.text.map { ReportedReason($0) }, time: time)
    }
}
