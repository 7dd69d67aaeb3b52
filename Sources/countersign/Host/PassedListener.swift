import Activation
import EnclaveLink
import Glibc
import HTTPServer

/// The listening TCP socket that a service manager passed in place of `listen`.
struct PassedListener: Sendable {
    let descriptor: Int32
    let address: ListenAddress

    /// Takes it over; nil where none was passed. Throws where what was passed is of no use.
    static func take() throws(CommandError) -> PassedListener? {
        let taken: ActivatedSockets
        do { taken = try ActivatedSockets.take() } catch { throw CommandError("\(error)") }
        guard let socket = taken.sockets.first else { return nil }
        guard taken.sockets.count == 1, socket.kind == .tcp, let address = ListenAddress(boundTo: socket.number) else {
            throw CommandError("systemd must pass one listening TCP socket: one ListenStream= in countersign.socket")
        }
        return PassedListener(descriptor: socket.number, address: address)
    }
}

extension ListenAddress {
    /// Where a socket is bound; nil where it is no TCP socket.
    fileprivate init?(boundTo descriptor: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let bound = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> (String, UInt16)? in
                guard getsockname(descriptor, address, &length) == 0 else { return nil }
                var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                guard getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else {
                    return nil
                }
                // Both families have the port at the same place (ip(7), ipv6(7)).
                let port = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port }
                let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                return (String(decoding: name, as: UTF8.self), UInt16(bigEndian: port))
            }
        }
        guard let (host, port) = bound else { return nil }
        self.init(host: host, port: Int(port))
    }
}
