import Encodings
import Glibc

/// Connects a TCP stream, trying each address of a name in turn.
struct StreamConnector: Sendable {
    /// Milliseconds for all addresses together. Resolving the name is not in it: the resolver has its own limits.
    let timeLimit: Int

    /// - Parameter isAllowed: asked about each address that would be connected to. Names are resolved once and what
    ///   was asked about is what is connected to, so a name that resolves to something else a moment later gains nothing.
    /// - Throws: `EACCES` if the last address was not allowed, else what the last attempt to connect came to.
    func connect(
        to destination: Destination, where isAllowed: (IPAddress) -> Bool = { _ in true }
    ) throws(DescriptorRefusal) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(destination.host, String(destination.port), &hints, &list) == 0 else {
            throw DescriptorRefusal(status: EHOSTUNREACH)
        }
        defer { freeaddrinfo(list) }
        let deadline = ContinuousClock.now + .milliseconds(timeLimit)
        var refusal = DescriptorRefusal(status: EHOSTUNREACH)
        var next = list
        while let address = next?.pointee {
            do throws(DescriptorRefusal) {
                return try Self.connect(to: address, where: isAllowed, until: deadline)
            } catch {
                refusal = error
            }
            next = address.ai_next
        }
        throw refusal
    }

    private static func connect(
        to address: addrinfo, where isAllowed: (IPAddress) -> Bool, until deadline: ContinuousClock.Instant
    ) throws(DescriptorRefusal) -> Int32 {
        guard let target = address.ai_addr.flatMap({ IPAddress($0) }), isAllowed(target) else {
            throw DescriptorRefusal(status: EACCES)
        }
        let kind = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.ai_family, kind, address.ai_protocol)
        guard descriptor >= 0 else { throw .last }
        do throws(DescriptorRefusal) {
            if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw DescriptorRefusal.last }
                try awaitConnection(descriptor, until: deadline)
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func awaitConnection(
        _ descriptor: Int32, until deadline: ContinuousClock.Instant
    ) throws(DescriptorRefusal) {
        var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let rest = (deadline - .now).components
            let milliseconds = rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { throw DescriptorRefusal(status: ETIMEDOUT) }
            let ready = poll(&event, 1, Int32(clamping: milliseconds))
            if ready > 0 { break }
            guard ready == 0 || errno == EINTR else { throw .last }
        }
        var status: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &length) == 0 else { throw .last }
        guard status == 0 else { throw DescriptorRefusal(status: status) }
    }
}
