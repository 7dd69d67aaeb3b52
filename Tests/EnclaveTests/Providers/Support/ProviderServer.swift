import EnclaveLink
import Foundation
import Testing

@testable import Enclave

/// A running `provider_server.py`, which ends with this value.
final class ProviderServer: Sendable {
    struct Event: Decodable, Sendable {
        let event: String
        let provider: String?
        let path: String?
        let to: String?
        let text: String?
        let code: String?
        let id: String?
        let because: String?
    }

    private let server: TestServer

    var port: UInt16 { server.port }

    /// - Parameter arguments: options of the script, for what it answers and how it misbehaves.
    init(_ arguments: [String] = [], certificate: TestCertificates.Server = .good) throws {
        server = try TestServer("provider_server.py", arguments, certificate: certificate)
    }

    func next(_ kind: String) async throws -> Event { try await server.next(kind, as: Event.self) }

    /// Gives a command, and waits until it was obeyed.
    func tell(_ command: String) async throws {
        try server.write(command)
        _ = try await next("command")
    }

    /// Ends the server, and takes all events that were not taken before.
    func end() throws -> [Event] { try server.end(as: Event.self) }
}

extension ProviderExample {
    /// A courier whose only provider this is.
    func courier(to server: ProviderServer, host: LoopbackHost, connections: Int = 1) throws -> Courier {
        Courier.warmUp()
        let folder = try SettingsFolder()
        try folder.write(String(decoding: try TestCertificates.shared.get().authority(), as: UTF8.self), to: "ca.pem")
        let settings = try folder.settings(
            entry(at: "https://localhost:\(server.port)", more: ", ca_file: ca.pem, connections: \(connections)"))
        return try Courier(settings: settings.delivery, descriptors: host)
    }

    var message: OutgoingMessage {
        .example(to: "+4915112345678", channel: channel, application: "Shop", provider: rawValue)
    }
}
