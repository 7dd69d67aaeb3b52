import EnclaveLink

/// Asks a test what a provider's request says.
struct PlayedReports: DeliveryReportReading {
    let reading: InProcessEnclave.ReadingReports

    func read(_ request: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading { reading(request) }
}
