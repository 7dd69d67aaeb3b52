import CCurl
import EnclaveLink

/// One worker's connection to the mail server: a libcurl handle that keeps the connection and its TLS session from
/// one message to the next.
final class SMTPConnection: MessageCarrier {
    private let settings: SMTPSettings
    private let composer: MailComposer
    private let transfer: SMTPTransfer
    private let handle: CurlHandle

    /// Sets everything that does not change between messages, and makes libcurl open now what it opens once per
    /// handle, before the sandbox closes.
    init(settings: SMTPSettings, composer: MailComposer, descriptors: any DescriptorRequesting) throws(CourierError) {
        self.settings = settings
        self.composer = composer
        transfer = SMTPTransfer(host: settings.host, port: settings.port, descriptors: descriptors)
        handle = try CurlHandle()
        try transfer.attach(to: handle)
        try handle.configure(settings)
        // Fails at the stream, which the transfer refuses outside `carry`.
        _ = handle.perform(recipient: settings.sender.address)
    }

    func carry(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) -> DeliveryOutcome {
        let body = composer.mail(for: message)
        defer { transfer.end() }
        var result = attempt(body, to: message.contact, until: deadline)
        // The server may have closed a kept connection at any moment. Nothing was handed over, so nothing can arrive
        // twice.
        if result.isStaleConnection { result = attempt(body, to: message.contact, until: deadline) }
        return result.outcome
    }

    private func attempt(
        _ body: [UInt8], to contact: ContactAddress, until deadline: ContinuousClock.Instant
    ) -> SMTPResult {
        transfer.begin(body: body, deadline: deadline)
        let remaining = (deadline - .now).components
        let milliseconds = Int(remaining.seconds) * 1000 + Int(remaining.attoseconds / 1_000_000_000_000_000)
        // 0 would mean no limit.
        guard milliseconds > 0, ccurl_set_long(handle.pointer, CURLOPT_TIMEOUT_MS, milliseconds) == CURLE_OK else {
            return SMTPResult(code: CURLE_OPERATION_TIMEDOUT, status: 0, transfer: transfer)
        }
        let code = handle.perform(recipient: contact.value)
        return SMTPResult(code: code, status: handle.responseCode, transfer: transfer)
    }
}
