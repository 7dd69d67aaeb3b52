import CCurl
import EnclaveLink

/// How one attempt ended, and what that means.
struct SMTPResult {
    private let code: CURLcode
    /// The server's last reply code, 0 if it said nothing.
    private let status: Int
    private let command: SMTPCommand
    private let refusal: DescriptorError?
    private let isHandedOver: Bool
    private let openedStream: Bool

    init(code: CURLcode, status: Int, transfer: SMTPTransfer) {
        self.code = code
        self.status = status
        command = transfer.command
        refusal = transfer.streams.refusal
        isHandedOver = transfer.isHandedOver
        openedStream = transfer.streams.openedStream
    }

    /// True if a kept connection failed before the message was handed over, and the server refused nothing: a new
    /// connection may do. 421 is the server's farewell (RFC 5321 §3.8).
    var isStaleConnection: Bool {
        code != CURLE_OK && code != CURLE_OPERATION_TIMEDOUT && !openedStream && !isHandedOver
            && (status < 400 || status == 421)
    }

    var outcome: DeliveryOutcome {
        if code == CURLE_OK { return .accepted(provider: SMTPSettings.providerName) }
        return .failed(
            DeliveryFailure(
                provider: SMTPSettings.providerName, reason: reason, providerStatus: status,
                mayHaveArrived: isHandedOver && !isRefused))
    }

    /// A reply that says no (RFC 5321 §4.2.1: 4yz and 5yz).
    private var isRefused: Bool { status >= 400 }

    private var reason: DeliveryFailure.Reason {
        if let refusal { return refusal == .timedOut ? .timedOut : .unreachable }
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case _ where code.isCertificateFault: return .certificateRefused
        case CURLE_LOGIN_DENIED where status != 421: return .authenticationRefused
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR: return .protocolError
        default: return isRefused ? reasonOfRefusal : reasonWithoutReply
        }
    }

    private var reasonOfRefusal: DeliveryFailure.Reason {
        switch (status, command) {
        case (421, _): .unreachable
        // RFC 4954 §6: authentication required.
        case (530, .mail), (530, .recipient): .authenticationRefused
        case (500..., .recipient): .recipientRefused
        case (_, .mail), (_, .recipient), (_, .data): .messageRefused
        case (500..., .opening): .protocolError
        case (_, .opening): .unreachable
        }
    }

    /// The stream ended, or carried something that is no SMTP.
    private var reasonWithoutReply: DeliveryFailure.Reason { code.isLostConnection ? .unreachable : .protocolError }
}
