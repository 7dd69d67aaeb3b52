import Foundation
import FoundationNetworking

/// HTTPS to a server elsewhere, over connections that stay open from one request to the next.
struct AddressTransport: Transport {
    let address: URL
    private let session: AddressSession

    /// Throws `CommandError` for an address that is none, or that a key must not travel to.
    ///
    /// - Parameters:
    ///   - option: where it was given.
    ///   - carriesKey: whether a key may go with a request; then plain HTTP is for loopback only.
    init(
        address: String, option: String = "--server", carriesKey: Bool = true, patience: AnswerPatience = .usual
    ) throws {
        let loopback = ["127.0.0.1", "localhost", "::1", "[::1]"]
        guard let url = URL(string: address), let host = url.host, url.scheme == "https" || url.scheme == "http" else {
            throw CommandError("\(option) must be an address such as https://login.example.com, not \(address)")
        }
        guard url.scheme == "https" || !carriesKey || loopback.contains(host) else {
            throw CommandError("a key must not travel unencrypted: use https:// for \(host)")
        }
        self.address = url
        session = AddressSession(patience)
    }

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        guard let url = URL(string: request.path, relativeTo: address) else {
            throw CommandError("\(request.path) is no path")
        }
        var message = URLRequest(url: url)
        message.httpMethod = request.method
        message.httpBody = request.body
        for (name, value) in request.headers { message.setValue(value, forHTTPHeaderField: name) }
        do {
            return try await session.send(message, take)
        } catch let fault as AnswerFault {
            throw CommandError("\(url.absoluteString) \(fault)")
        } catch {
            throw CommandError("\(address.absoluteString) does not answer: \(error.localizedDescription)")
        }
    }
}
