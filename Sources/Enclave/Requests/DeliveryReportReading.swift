import EnclaveLink

/// Reads what providers report of their messages, after it has checked that it is they who do.
protocol DeliveryReportReading: Sendable {
    func read(_ request: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading
}

/// Where no provider reports anything.
struct NoDeliveryReports: DeliveryReportReading {
    func read(_ request: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading { .refused }
}
