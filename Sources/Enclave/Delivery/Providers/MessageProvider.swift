import Configuration
import EnclaveLink

/// A service that brings messages over HTTPS. A value of this type knows one API and one account: how a message becomes
/// a request, what an answer says, whether a delivery report is genuine and what it says. It neither connects nor waits.
protocol MessageProvider: Sendable {
    /// Its name in the setting `type`.
    static var typeName: String { get }

    /// Reads the settings that are its own.
    ///
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no secret.
    init(_ settings: ProviderSection) throws(ConfigurationError)

    /// The one channel whose messages it brings.
    var channel: Channel { get }
    /// Where its requests go.
    var address: HTTPSAddress { get }
    /// Whether its messages say what the text says. What does not cannot show a transaction.
    var showsText: Bool { get }

    /// - Parameter now: for those that sign the time.
    func request(for message: ProvidedMessage, now: WallTime) -> HTTPSRequest

    func verdict(on answer: HTTPSAnswer) -> ProviderVerdict

    /// What a request to the address for delivery reports says. `refused` unless it proves that it is the provider's.
    func reading(of call: ReadDeliveryReports, now: EnclaveInstant) -> DeliveryReportsReading

    /// True if the other one is of the same type and has the same settings.
    func isSame(as other: any MessageProvider) -> Bool
}

extension MessageProvider {
    var showsText: Bool { true }
}

extension MessageProvider where Self: Equatable {
    func isSame(as other: any MessageProvider) -> Bool { self == other as? Self }
}

/// Every type of provider that `enclave.yaml` may name.
enum MessageProviderTypes {
    static let all: [any MessageProvider.Type] = [
        TwilioMessages.self, TwilioCalls.self, WhatsAppTemplates.self, VonageMessages.self, AmazonMessages.self,
        WebhookMessages.self,
    ]
}
