import EnclaveLink

/// Reads the delivery reports of the configured providers.
struct ProviderReports: DeliveryReportReading {
    private let providers: [String: any MessageProvider]

    init(_ settings: [ProviderSettings]) {
        providers = Dictionary(settings.map { ($0.name, $0.provider) }) { first, _ in first }
    }

    func read(_ call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading {
        providers[call.provider]?.reading(of: call, now: now) ?? .refused
    }
}
