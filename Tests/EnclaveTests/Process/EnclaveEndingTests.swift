import Enclave
import Foundation
import Glibc
import Synchronization
import Testing

@testable import EnclaveLink

@Suite("how the enclave's process ends", .timeLimit(.minutes(1)))
struct EnclaveEndingTests {
    /// A process with its sockets in the test's hands.
    private static func launch(
        _ built: BuiltEnclave, hear: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> (process: EnclaveProcess, ends: EnclaveDescriptors) {
        let (host, enclave) = try #require(EnclaveSockets.make())
        let command = EnclaveCommand(
            executable: try BuiltEnclave.executable(), arguments: ["serve", "--data", built.dataDirectory])
        return (try await EnclaveProcess.launch(command, with: enclave, events: host.events, hear: hear), host)
    }

    @Test("it ends by itself when its host is gone, and says only that")
    func hostGone() async throws {
        let events = Mutex<[String]>([])
        let built = try BuiltEnclave()
        let (process, ends) = try await Self.launch(built) { line in events.withLock { $0.append(line) } }
        ends.frames.shutDown()
        let ending = await process.ended()
        #expect(ending.cause == .exited(0), "\(ending.description): \(ending.lastWords)")
        let lines = events.withLock { $0 }
        #expect(lines.count == 2 && lines.last == #"{"event":"hostGone","code":0}"#)
        #expect(lines.allSatisfy { $0.wholeMatch(of: /\{"event":"[a-zA-Z]+","code":\d+\}/) != nil })
    }

    @Test("it ends when it hears something that is no frame, and never crashes", arguments: 0..<20)
    func noise(round: Int) async throws {
        let built = try BuiltEnclave()
        let (process, ends) = try await Self.launch(built)
        var bytes = (0..<4096).map { _ in UInt8.random(in: 0...255) }
        // Every other round it gets a length that a frame may have.
        if round % 2 == 0 { bytes.replaceSubrange(0..<3, with: [0, 0, 0]) }
        bytes[4] = 1
        bytes.replaceSubrange(12..<13, with: [0xee])
        _ = ends.frames.sendAll(bytes)
        ends.frames.shutDown()
        let ending = await process.ended()
        let (cause, words) = (ending.cause, "\(ending.description): \(ending.lastWords)")
        #expect(cause == .exited(EnclaveEnding.protocolBroken) || cause == .exited(0), "\(words)")
        if round % 2 == 1 { #expect(cause == .exited(EnclaveEnding.protocolBroken), "\(words)") }
    }

    @Test("every thread of it is behind the filter and without new privileges")
    func everyThread() async throws {
        let built = try BuiltEnclave()
        let (process, ends) = try await Self.launch(built)
        try Self.awaitGreeting(ends)
        let threads = BuiltEnclave.names("/proc/\(try #require(process.processIdentifier))/task")
        #expect(threads.count > 3)
        for thread in threads {
            let lines = try BuiltEnclave.text("/proc/\(try #require(process.processIdentifier))/task/\(thread)/status")
                .split(
                    separator: "\n")
            #expect(lines.contains("Seccomp:\t2") && lines.contains("NoNewPrivs:\t1"))
        }
        process.kill()
        #expect(await process.ended().cause == .killed(signal: 9))
    }

    private static func awaitGreeting(_ ends: EnclaveDescriptors) throws {
        _ = ends.frames.sendAll(try Greet().frame(identifier: 1))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { buffer.deallocate() }
        try #require(ends.frames.receive(into: buffer) != nil)
    }

    // What cannot be dumped shows its descriptors to root only.
    @Test(
        "it has no descriptors but its own, the last ones for who keeps its keys and for the logs' anchor",
        .enabled(if: geteuid() == 0))
    func bareProcess() async throws {
        let built = try BuiltEnclave()
        // Each connection of libcurl takes a pair of sockets of its own.
        try Data("webhooks: {hosts: []}\n".utf8).write(to: URL(filePath: "\(built.dataDirectory)/enclave.yaml"))
        let (process, ends) = try await Self.launch(built)
        try Self.awaitGreeting(ends)
        let descriptors = "/proc/\(try #require(process.processIdentifier))/fd"
        #expect(BuiltEnclave.names(descriptors).sorted() == ["0", "1", "2", "3", "4", "5", "6"])
        let keeper = try FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/5")
        #expect(keeper.hasPrefix("socket:"))
        let anchor = try FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/6")
        #expect(anchor == "\(built.dataDirectory)/log.anchor")
        process.kill()
        #expect(await process.ended().cause == .killed(signal: 9))
    }
}
