import EnclaveLink
import Glibc
import Testing
import Threads

@testable import Enclave

@Suite("Frames on their way to the host")
struct FrameOutboxTests {
    @Test("every frame arrives, however many threads flush at the same time")
    func nothingIsLeftBehind() async throws {
        let (near, far) = try sockets()
        let outbox = FrameOutbox(socket: near)
        // Threads of their own, since all of them may wait for the socket.
        for _ in 0..<8 {
            try #require(
                DetachedThread.start("writer") {
                    for position in 0..<2000 {
                        outbox.add([7])
                        outbox.flush(gathered: position == 1999 ? 1 : 4)
                    }
                })
        }
        let (counts, count) = AsyncStream.makeStream(of: Int.self)
        try #require(
            DetachedThread.start("reader") {
                count.yield(Self.receive(8 * 2000, from: far))
                shutdown(far.number, Int32(SHUT_RDWR))
            })
        #expect(await counts.first { _ in true } == 8 * 2000)
    }

    @Test("frames are held back until as many have gathered as were asked for")
    func heldBack() throws {
        let (near, far) = try sockets()
        let outbox = FrameOutbox(socket: near)
        outbox.add([1])
        outbox.flush(gathered: 2)
        var byte: UInt8 = 0
        #expect(recv(far.number, &byte, 1, Int32(MSG_DONTWAIT)) == -1)
        outbox.add([2])
        outbox.flush(gathered: 2)
        #expect(Self.receive(2, from: far) == 2)
    }

    private func sockets() throws -> (near: OwnedDescriptor, far: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        // A lost frame must end the test, not hang it.
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    private static func receive(_ count: Int, from socket: OwnedDescriptor) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { buffer.deallocate() }
        var received = 0
        while received < count, let bytes = socket.receive(into: buffer) { received += bytes.count }
        return received
    }
}
