import CCurl
import EnclaveLink

/// One thread's connection to a server that speaks HTTPS: a libcurl handle that keeps the connection from one request
/// to the next, as long as they go to the same destination.
final class HTTPSConnection {
    private let streams: HostStreams
    private let transfer: HTTPSTransfer
    private let authorities: TrustedAuthorities
    private let handle: CurlHandle

    /// What becomes of a request whose kept connection ends before the first byte of an answer.
    enum Sending: Sendable {
        /// It is sent once more on a new one.
        case untilAnswered
        /// It fails: whoever was asked may have done it.
        case once
    }

    /// Sets everything that does not change between requests, and makes libcurl open now what it opens once per handle,
    /// before the sandbox closes.
    ///
    /// - Parameters:
    ///   - authorities: who may vouch for servers; no others are trusted.
    ///   - answerLimit: bytes of an answer, headers included.
    init(
        for use: StreamUse, trusting authorities: TrustedAuthorities, answerLimit: Int = 64 * 1024,
        sending: Sending = .untilAnswered, descriptors: any DescriptorRequesting
    ) throws(TransportError) {
        streams = HostStreams(for: use, reopening: sending == .untilAnswered, descriptors: descriptors)
        transfer = HTTPSTransfer(limit: answerLimit)
        self.authorities = authorities
        handle = try CurlHandle()
        try streams.attach(to: handle)
        try transfer.attach(to: handle)
        try handle.configureHTTPS(trusting: authorities)
        // Fails at the stream, which is refused outside of requests.
        _ = handle.perform(until: .now + .seconds(1))
    }

    /// True if the last request went out, or some of it: what it asked for may have been done, whatever came back.
    var hasSentRequest: Bool { handle.requestSize > 0 }

    /// Sends a request and blocks until its answer is whole, at most until the deadline.
    func send(
        _ request: HTTPSRequest, to destination: Destination, until deadline: ContinuousClock.Instant
    ) throws(HTTPSError) -> HTTPSAnswer {
        let code = try perform(request, to: destination, until: deadline)
        guard code == CURLE_OK else { throw error(code) }
        return HTTPSAnswer(
            status: handle.responseCode, contentType: transfer.contentType, body: transfer.body)
    }

    /// The same for whom the answer's status is all that counts: once the head is there, neither the body's length nor
    /// its end matters.
    func status(
        of request: HTTPSRequest, to destination: Destination, until deadline: ContinuousClock.Instant
    ) throws(HTTPSError) -> Int {
        let code = try perform(request, to: destination, until: deadline)
        let status = handle.responseCode
        guard code == CURLE_OK || (transfer.hasHead && status >= 200) else { throw error(code) }
        return status
    }

    private func perform(
        _ request: HTTPSRequest, to destination: Destination, until deadline: ContinuousClock.Instant
    ) throws(HTTPSError) -> CURLcode {
        handle.hasPerformed = false
        guard request.headers.allSatisfy(Self.isOneLine) else { throw .protocolBroken }
        transfer.begin()
        streams.endUnlessSilent()
        streams.begin(to: destination, until: deadline)
        defer { streams.end() }
        return handle.perform(request, to: destination, until: deadline)
    }

    private static func isOneLine(_ header: String) -> Bool { header.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private func error(_ code: CURLcode) -> HTTPSError {
        if let refusal = streams.refusal { return HTTPSError(refusal) }
        if transfer.isTooLong { return .answerTooLong }
        if code == CURLE_OPERATION_TIMEDOUT { return .timedOut }
        if code.isCertificateFault { return .certificateRefused }
        // An answer that ends before it is whole is a stream that ended early, too.
        return code.isLostConnection || code == CURLE_PARTIAL_FILE ? .unreachable : .protocolBroken
    }
}

extension HTTPSError {
    fileprivate init(_ error: DescriptorError) {
        switch error {
        case .refused: self = .refused
        case .timedOut: self = .timedOut
        case .unreachable, .hostUnavailable: self = .unreachable
        }
    }
}
