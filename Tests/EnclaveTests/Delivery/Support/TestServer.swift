import Foundation
import Glibc
import Testing
import Threads

@testable import Enclave

/// A running script of `scripts/test-servers`, which reports what it sees and ends with this value.
///
/// Waiting for a report happens on a thread of its own: what is waited for may need the runtime's threads, of which there
/// are few. Unchecked because one test has it, and waits for one thing at a time.
final class TestServer: @unchecked Sendable {
    /// The server reported nothing for 20 seconds, or ended.
    struct Silence: Error {}

    private struct Report: Decodable {
        let event: String
        let port: UInt16?
    }

    let port: UInt16
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private var unread = Data()
    init(_ script: String, _ arguments: [String], certificate: TestCertificates.Server) throws {
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments =
            [Repository.script(script).path, "--control"]
            + (try TestCertificates.shared.get().arguments(certificate)) + arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        let line = try Self.line(from: output.fileHandleForReading, &unread)
        port = try #require(try JSONDecoder().decode(Report.self, from: line).port)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The next event of this kind; others before it are passed over.
    func next<Event: Decodable & Sendable>(_ kind: String, as type: Event.Type) async throws -> Event {
        try await withCheckedThrowingContinuation { continuation in
            let started = DetachedThread.start("test server") { [self] in
                continuation.resume(with: Result { try waitForNext(kind) })
            }
            if !started { continuation.resume(throwing: TransportError.noThread) }
        }
    }

    private func waitForNext<Event: Decodable>(_ kind: String) throws -> Event {
        while true {
            let line = try Self.line(from: output.fileHandleForReading, &unread)
            let event = try JSONDecoder().decode(Report.self, from: line).event
            if event == kind { return try JSONDecoder().decode(Event.self, from: line) }
        }
    }

    func write(_ command: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
    }

    /// Ends the server, and takes every event that was not read.
    func end<Event: Decodable>(as type: Event.Type) throws -> [Event] {
        try input.fileHandleForWriting.close()
        unread += output.fileHandleForReading.readDataToEndOfFile()
        defer { unread = Data() }
        return try unread.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Event.self, from: $0) }
    }

    private static func line(from handle: FileHandle, _ unread: inout Data) throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return Data(unread[..<end])
            }
            var readable = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&readable, 1, 20_000) == 1 else { throw Silence() }
            let more = handle.availableData
            guard !more.isEmpty else { throw Silence() }
            unread += more
        }
    }
}
