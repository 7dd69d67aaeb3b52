import CCurl
import EnclaveLink

/// One worker's connection to the mail server: a libcurl handle that keeps the connection and its TLS session from
/// one message to the next.
final class SMTPConnection: LaneWorker {
    private let settings: SMTPSettings
    private let composer: MailComposer
    private let transfer: SMTPTransfer
    private let authorities: TrustedAuthorities
    private let handle: CurlHandle

    /// Sets everything that does not change between messages, and makes libcurl open now what it opens once per
    /// handle, before the sandbox closes.
    ///
    /// - Parameter authorities: who may vouch for the server; no others are trusted.
    init(
        settings: SMTPSettings, trusting authorities: TrustedAuthorities, composer: MailComposer,
        descriptors: any DescriptorRequesting
    ) throws(TransportError) {
        self.settings = settings
        self.composer = composer
        transfer = SMTPTransfer(
            to: settings.destination, streams: HostStreams(for: .provider, descriptors: descriptors))
        self.authorities = authorities
        handle = try CurlHandle()
        try transfer.attach(to: handle)
        try handle.configure(settings, trusting: authorities)
        // Fails at the stream, which the transfer refuses outside `run`.
        _ = handle.perform(from: settings.sender.address, to: settings.sender.address, until: .now + .seconds(1))
    }

    func run(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) -> DeliveryOutcome {
        let body = composer.mail(for: message)
        defer { transfer.end() }
        var result = attempt(message, body, until: deadline)
        // The server may have closed a kept connection at any moment. Nothing was handed over, so nothing can arrive
        // twice.
        if result.isStaleConnection { result = attempt(message, body, until: deadline) }
        return result.outcome
    }

    private func attempt(
        _ message: OutgoingMessage, _ body: [UInt8], until deadline: ContinuousClock.Instant
    ) -> SMTPResult {
        let sender = message.style.sender ?? settings.sender
        transfer.begin(body: body, deadline: deadline)
        guard deadline > .now else {
            return SMTPResult(code: CURLE_OPERATION_TIMEDOUT, status: 0, transfer: transfer)
        }
        let code = handle.perform(from: sender.address, to: message.contact.value, until: deadline)
        return SMTPResult(code: code, status: handle.responseCode, transfer: transfer)
    }
}
