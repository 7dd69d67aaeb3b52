import EnclaveLink
import Testing

@testable import Enclave

/// The delivery tests share two processors with child processes and check deadlines, so they take turns.
@Suite(.serialized) struct DeliveryTests {}

extension OutgoingMessage {
    static func example(
        to value: String = "ada@example.org", channel: Channel = .email, code: String = "402917",
        application: String = "MySecureApp", domain: String? = nil, codeInSubject: Bool = false, minutes: Int = 10,
        provider: String? = nil
    ) -> OutgoingMessage {
        OutgoingMessage(
            contact: ContactAddress(kind: channel == .email ? .email : .phone, value: value), channel: channel,
            provider: provider ?? (channel == .email ? "smtp" : "inbox"), code: DeliverableCode(code),
            wording: MessageWording(
                application: application, domain: domain, codeInSubject: codeInSubject, validMinutes: minutes),
            challenge: "oe_a1b2c3d4e5f6")
    }
}

extension SMTPSettings {
    static func example(
        port: UInt16, encryption: Encryption = .starttls, host: String = "localhost",
        credentials: SMTPCredentials? = nil,
        connections: Int = 1
    ) throws -> SMTPSettings {
        SMTPSettings(
            host: host, port: port, encryption: encryption, credentials: credentials,
            certificateAuthorities: try TestCertificates.shared.get().authority(),
            sender: try #require(MailSender("Example <no-reply@example.com>")), connections: connections)
    }
}

extension Courier {
    /// A courier for one mail server.
    static func example(
        _ settings: SMTPSettings?, host: LoopbackHost, queueCapacity: Int = queueCapacity
    ) throws -> Courier {
        warmUp()
        return try Courier(settings: DeliverySettings(smtp: settings), descriptors: host, queueCapacity: queueCapacity)
    }

    func deliver(_ message: OutgoingMessage = .example(), within limit: Duration = .seconds(5)) async -> DeliveryOutcome
    {
        await withCheckedContinuation { continuation in
            deliver(message, deadline: .now + limit) { outcome in
                UnfilteredThread.run { continuation.resume(returning: outcome) }
            }
        }
    }
}

extension DeliveryOutcome {
    static func refused(
        _ reason: DeliveryFailure.Reason, status: Int = 0, mayHaveArrived: Bool = false, by provider: String = "smtp"
    ) -> DeliveryOutcome {
        .failed(
            DeliveryFailure(provider: provider, reason: reason, providerStatus: status, mayHaveArrived: mayHaveArrived))
    }
}
