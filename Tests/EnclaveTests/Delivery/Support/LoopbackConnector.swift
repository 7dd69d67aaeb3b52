import EnclaveLink
import Glibc
import Threads

/// A thread that connects for others. On a delivering thread `connect` is filtered, as in the sandbox, and a thread
/// started from there would take the filter over.
final class LoopbackConnector: Sendable {
    private struct State: Sendable {
        var ports: [UInt16] = []
        var descriptors: [Int32] = []
        var ended = false
    }

    private let monitor: Monitor<State>

    init() {
        let monitor = Monitor(State())
        self.monitor = monitor
        _ = DetachedThread.start("loopback") {
            while let port = Self.nextPort(monitor) {
                let descriptor = Self.connect(port)
                monitor.update { $0.descriptors.append(descriptor) }
            }
        }
    }

    deinit { monitor.update { $0.ended = true } }

    /// A stream to this port on 127.0.0.1, or -1.
    func connect(port: UInt16) -> Int32 {
        monitor.update { $0.ports.append(port) }
        return monitor.wait { state, _ in state.descriptors.isEmpty ? nil : state.descriptors.removeFirst() }
    }

    private static func nextPort(_ monitor: Monitor<State>) -> UInt16? {
        monitor.wait { state, _ -> UInt16?? in
            if state.ended { return .some(nil) }
            return state.ports.isEmpty ? nil : .some(state.ports.removeFirst())
        }
    }

    private static func connect(_ port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }
}
