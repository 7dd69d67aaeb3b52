import CCurl
import EnclaveLink

/// One thread's connection to a provider that speaks HTTPS: a libcurl handle that keeps the connection from one request
/// to the next.
final class HTTPSConnection {
    /// Bytes of an answer, headers included.
    static let answerLimit = 64 * 1024

    private let destination: Destination
    private let streams: HostStreams
    private let transfer = HTTPSTransfer(limit: answerLimit)
    private let handle: CurlHandle

    /// Sets everything that does not change between requests, and makes libcurl open now what it opens once per handle,
    /// before the sandbox closes.
    ///
    /// - Parameter authorities: the certificates (PEM) that may vouch for the server; no others are trusted.
    init(
        to destination: Destination, authorities: [UInt8], descriptors: any DescriptorRequesting
    ) throws(TransportError) {
        self.destination = destination
        streams = HostStreams(to: destination, descriptors: descriptors)
        handle = try CurlHandle()
        try streams.attach(to: handle)
        try transfer.attach(to: handle)
        try handle.configureHTTPS(to: destination, authorities: authorities)
        // Fails at the stream, which is refused outside `send`.
        _ = handle.perform(until: .now + .seconds(1))
    }

    /// Sends a request and blocks until its answer is whole, at most until the deadline. Where a kept connection ends
    /// before the first byte of an answer, libcurl sends the request once more on a new one.
    func send(
        _ request: HTTPSRequest, until deadline: ContinuousClock.Instant
    ) throws(HTTPSError) -> HTTPSAnswer {
        guard request.headers.allSatisfy(Self.isOneLine) else { throw .protocolBroken }
        transfer.begin()
        streams.begin(until: deadline)
        defer { streams.end() }
        let code = handle.perform(request, to: destination, until: deadline)
        guard code == CURLE_OK else { throw error(code) }
        return HTTPSAnswer(status: handle.responseCode, body: transfer.body)
    }

    private static func isOneLine(_ header: String) -> Bool { header.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private func error(_ code: CURLcode) -> HTTPSError {
        if let refusal = streams.refusal { return refusal == .timedOut ? .timedOut : .unreachable }
        if transfer.isTooLong { return .answerTooLong }
        if code == CURLE_OPERATION_TIMEDOUT { return .timedOut }
        if code.isCertificateFault { return .certificateRefused }
        // An answer that ends before it is whole is a stream that ended early, too.
        return code.isLostConnection || code == CURLE_PARTIAL_FILE ? .unreachable : .protocolBroken
    }
}
