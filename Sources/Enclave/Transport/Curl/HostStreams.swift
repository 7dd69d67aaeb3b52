import CCurl
import EnclaveLink
import Glibc

/// The streams that the host opens for a libcurl handle: the target of its socket callbacks.
final class HostStreams {
    private let use: StreamUse
    private let isReopening: Bool
    private let descriptors: any DescriptorRequesting

    /// Where the transfer under way goes, and until when; nil between transfers.
    private var target: (destination: Destination, deadline: ContinuousClock.Instant)?
    /// The newest stream, which belongs to libcurl; -1 if there is none.
    private var newest: Int32 = -1
    /// The host's reason for not opening a stream.
    private(set) var refusal: DescriptorError?
    /// True if this transfer asked for a new stream, so that it did not run on a connection kept from an earlier one.
    private(set) var openedStream = false

    /// The handle that this is attached to, whose owner owns this too.
    private weak var handle: CurlHandle?

    /// - Parameter reopening: whether a stream is opened for a request that went out already over another. libcurl does
    ///   that where a kept connection ends without an answer.
    init(for use: StreamUse, reopening: Bool = true, descriptors: any DescriptorRequesting) {
        self.use = use
        isReopening = reopening
        self.descriptors = descriptors
    }

    /// Makes this the target of the handle's socket callbacks. It must outlive the handle's last use.
    func attach(to handle: CurlHandle) throws(TransportError) {
        let pointer = handle.pointer
        self.handle = handle
        try handle.check(CURLOPT_OPENSOCKETFUNCTION, ccurl_set_open_socket_function(pointer, openSocket))
        try handle.set(CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(self).toOpaque())
        try handle.check(CURLOPT_SOCKOPTFUNCTION, ccurl_set_socket_option_function(pointer, confirmConnected))
    }

    /// A transfer begins, which may open streams to its destination until the deadline.
    func begin(to destination: Destination, until deadline: ContinuousClock.Instant) {
        target = (destination, deadline)
        refusal = nil
        openedStream = false
    }

    /// A stream opened from now on is refused.
    func end() { target = nil }

    /// Ends a kept connection on which something came that nobody asked for, or which the other side has ended: its next
    /// bytes are no answer to what is asked next. libcurl looks only whether it is still open.
    func endUnlessSilent() {
        guard let socket = handle?.keptSocket else { return }
        var state = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 0) != 0 else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        var bytes = [UInt8](repeating: 0, count: 16_384)
        // What has come is read away, so that libcurl finds the end.
        for _ in 0..<Self.mostUnasked where recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT)) <= 0 { return }
    }

    /// Reads of what nobody asked for: more than a receive buffer holds.
    private static let mostUnasked = 1_024

    /// Ends the newest stream's incoming side, so that libcurl has nothing left to wait for.
    func hangUp() {
        if newest >= 0 { shutdown(newest, Int32(SHUT_RD)) }
        newest = -1
    }

    /// A connected stream, or libcurl's `CURL_SOCKET_BAD`.
    fileprivate func open() -> Int32 {
        openedStream = true
        guard let target else { return -1 }
        if !isReopening, handle?.requestSize != 0 {
            refusal = .unreachable
            return -1
        }
        do {
            let descriptor = try descriptors.openStream(
                to: target.destination, for: use, deadline: target.deadline)
            ConnectAnswer.ensure()
            newest = descriptor
            return descriptor
        } catch {
            refusal = error
            return -1
        }
    }
}

private let openSocket: curl_opensocket_callback = { target, _, _ in
    target.map { Unmanaged<HostStreams>.fromOpaque($0).takeUnretainedValue().open() } ?? -1
}

private let confirmConnected: curl_sockopt_callback = { _, _, _ in CURL_SOCKOPT_ALREADY_CONNECTED }
