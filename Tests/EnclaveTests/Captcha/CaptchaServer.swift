import Foundation
import Testing

@testable import Enclave

/// A running `siteverify_server.py`, which ends with this value.
final class CaptchaServer: Sendable {
    struct Event: Decodable, Sendable {
        let event: String
        let connection: Int?
        let path: String?
        let type: String?
        let fields: [String: String]?
    }

    static let secret = "captcha-secret"
    private let server: TestServer

    var port: UInt16 { server.port }

    /// - Parameter arguments: options of the script, for what it answers and how it misbehaves.
    init(_ arguments: [String] = [], certificate: TestCertificates.Server = .good) throws {
        server = try TestServer(
            "siteverify_server.py", ["--secret", Self.secret] + arguments, certificate: certificate)
    }

    /// The next whole request that came.
    func nextRequest() async throws -> Event { try await server.next("request", as: Event.self) }

    /// Ends the server, and takes all requests that were not taken before.
    func end() throws -> [Event] { try server.end(as: Event.self).filter { $0.event == "request" } }
}
