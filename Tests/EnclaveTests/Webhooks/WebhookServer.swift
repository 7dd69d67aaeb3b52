import Foundation
import Testing

@testable import Enclave

/// A running `webhook_server.py`, which ends with this value.
final class WebhookServer: Sendable {
    struct Event: Decodable, Sendable {
        let event: String
        let path: String?
        let type: String?
        let id: String?
        let timestamp: String?
        let body: String?
        let signatures: Int?
        /// Positions of the script's secrets by which the message is proven.
        let proven: [Int]?
    }

    private let server: TestServer

    var port: UInt16 { server.port }

    /// - Parameter arguments: options of the script, for what it answers and how it misbehaves.
    init(_ arguments: [String] = [], certificate: TestCertificates.Server = .good) throws {
        server = try TestServer("webhook_server.py", arguments, certificate: certificate)
    }

    /// The next whole message that came.
    func nextMessage() async throws -> Event { try await server.next("request", as: Event.self) }

    /// Ends the server, and takes all messages that came.
    func end() throws -> [Event] { try server.end(as: Event.self).filter { $0.event == "request" } }
}
