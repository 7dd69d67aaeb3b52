import Foundation
import Glibc
import Testing

/// A running `smtp_server.py`, which ends with this value.
final class MailServer {
    struct Event: Decodable {
        let event: String
        let port: UInt16?
        let number: Int?
        let connection: Int?
        let path: String?
        let sender: String?
        let recipients: [String]?
        let count: Int?
    }

    let port: UInt16
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private let folder: TemporaryFolder
    private var unread = Data()
    /// Connections that the server has reported so far.
    private(set) var connections = 0

    /// - Parameter arguments: options of the script, for encryption and misbehaviour.
    init(_ arguments: [String], certificate: TestCertificates.Server = .good) throws {
        folder = try TemporaryFolder()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments =
            [
                Repository.script("smtp_server.py").path, "--control", "--maildir",
                folder.url.appending(path: "mail").path,
            ]
            + (try TestCertificates.shared.get().arguments(certificate)) + arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        let line = try Self.line(from: output.fileHandleForReading, &unread)
        port = try #require(try JSONDecoder().decode(Event.self, from: line).port)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The next event of this kind; others before it are passed over.
    func next(_ kind: String) throws -> Event {
        while true {
            let event = try JSONDecoder().decode(
                Event.self, from: Self.line(from: output.fileHandleForReading, &unread))
            if event.event == "connection" { connections += 1 }
            if event.event == kind { return event }
        }
    }

    /// The next message that the server accepted, as it came over the wire.
    func nextMessage() throws -> ReceivedMail {
        let event = try next("message")
        let path = try #require(event.path)
        return ReceivedMail(
            bytes: try Data(contentsOf: URL(filePath: path)), connection: try #require(event.connection),
            sender: try #require(event.sender), recipients: try #require(event.recipients))
    }

    /// Gives a command, such as `drop`, and waits until it is done.
    func command(_ command: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        _ = try next("dropped")
    }

    private static func line(from handle: FileHandle, _ unread: inout Data) throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return Data(unread[..<end])
            }
            var readable = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&readable, 1, 20_000) == 1, "the mail server reports nothing")
            let more = handle.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown) }
            unread += more
        }
    }
}
