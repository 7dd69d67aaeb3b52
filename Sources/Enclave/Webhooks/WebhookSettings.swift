import EnclaveLink

/// Where webhooks may go, and who vouches for their receivers.
struct WebhookSettings: Equatable, Sendable {
    var reach = WebhookReach()
    /// The certificates (PEM) that may vouch for a receiver; no others are trusted.
    var certificateAuthorities: [UInt8]
}
