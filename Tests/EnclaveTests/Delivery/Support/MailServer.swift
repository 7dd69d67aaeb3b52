import Foundation
import Testing

/// A running `smtp_server.py`, which ends with this value.
final class MailServer: Sendable {
    struct Event: Decodable, Sendable {
        let connection: Int?
        let path: String?
        let sender: String?
        let recipients: [String]?
    }

    private let server: TestServer
    private let folder: TemporaryFolder

    var port: UInt16 { server.port }

    /// - Parameter arguments: options of the script, for encryption and misbehaviour.
    init(_ arguments: [String], certificate: TestCertificates.Server = .good) throws {
        folder = try TemporaryFolder()
        server = try TestServer(
            "smtp_server.py", ["--maildir", folder.url.appending(path: "mail").path] + arguments,
            certificate: certificate)
    }

    /// The next event of this kind; others before it are passed over.
    func next(_ kind: String) async throws -> Event { try await server.next(kind, as: Event.self) }

    /// The next message that the server accepted, as it came over the wire.
    func nextMessage() async throws -> ReceivedMail {
        let event = try await next("message")
        let path = try #require(event.path)
        return ReceivedMail(
            bytes: try Data(contentsOf: URL(filePath: path)), connection: try #require(event.connection),
            sender: try #require(event.sender), recipients: try #require(event.recipients))
    }

    /// Gives a command, such as `drop`, and waits until it is done.
    func command(_ command: String) async throws {
        try server.write(command)
        _ = try await next("dropped")
    }
}
