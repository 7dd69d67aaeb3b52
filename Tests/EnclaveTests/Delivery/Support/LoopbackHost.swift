import Enclave
import EnclaveLink
import Foundation
import Glibc
import Synchronization

/// The host's part in a test: it really connects, to loopback whatever the name, and really makes files.
final class LoopbackHost: DescriptorRequesting {
    private let folder: TemporaryFolder
    private let opened = Mutex(0)
    private let identifiers = Atomic<UInt64>(0)
    private let refusal: DescriptorError?
    private let onOpen: @Sendable () -> Void

    /// - Parameters:
    ///   - refusal: what every request is answered with.
    ///   - onOpen: runs on the delivering thread when a stream is opened.
    init(refusal: DescriptorError? = nil, onOpen: @escaping @Sendable () -> Void = {}) throws {
        UnfilteredThread.start()
        folder = try TemporaryFolder()
        self.refusal = refusal
        self.onOpen = onOpen
        for name in ["tmp", "new"] {
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: name), withIntermediateDirectories: false)
        }
    }

    /// Streams opened so far.
    var streams: Int { opened.withLock { $0 } }

    func openStream(
        to destination: Destination, for use: StreamUse, deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Int32 {
        if let refusal { throw refusal }
        let descriptor = UnfilteredThread.value { Self.connect(destination.port) }
        onOpen()
        guard descriptor >= 0 else { throw .unreachable }
        opened.withLock { $0 += 1 }
        return descriptor
    }

    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile {
        if let refusal { throw refusal }
        let identifier = identifiers.add(1, ordering: .relaxed).newValue
        let descriptor = open(path("tmp", identifier), O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw .refused }
        return InboxFile(descriptor: descriptor, identifier: identifier)
    }

    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError) {
        guard rename(path("tmp", identifier), path("new", identifier)) == 0 else { throw .refused }
    }

    /// The published message with this number, counted from 1.
    func published(_ identifier: UInt64) throws -> ReceivedMail {
        ReceivedMail(bytes: try Data(contentsOf: URL(filePath: path("new", identifier))))
    }

    /// A stream to this port on 127.0.0.1, or -1.
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

    private func path(_ directory: String, _ identifier: UInt64) -> String {
        folder.url.appending(path: "\(directory)/\(identifier)").path
    }
}
