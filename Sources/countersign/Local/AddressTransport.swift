import Foundation
import FoundationNetworking

/// HTTPS to a server elsewhere; plain HTTP to loopback only, as the key goes with every request.
struct AddressTransport: Transport {
    let address: URL

    init(address: String) throws {
        let loopback = ["127.0.0.1", "localhost", "::1", "[::1]"]
        guard let url = URL(string: address), let host = url.host, url.scheme == "https" || url.scheme == "http" else {
            throw CommandError("--server must be an address such as https://login.example.com, not \(address)")
        }
        guard url.scheme == "https" || loopback.contains(host) else {
            throw CommandError("a key must not travel unencrypted: use https:// for \(host)")
        }
        self.address = url
    }

    func send(_ request: CommandRequest) async throws -> CommandResponse {
        guard let url = URL(string: request.path, relativeTo: address) else {
            throw CommandError("\(request.path) is no path")
        }
        var message = URLRequest(url: url, timeoutInterval: 30)
        message.httpMethod = request.method
        message.httpBody = request.body
        for (name, value) in request.headers { message.setValue(value, forHTTPHeaderField: name) }
        do {
            let (data, response) = try await URLSession(configuration: .ephemeral).data(for: message)
            return CommandResponse(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: data)
        } catch {
            throw CommandError("\(address.absoluteString) does not answer: \(error.localizedDescription)")
        }
    }
}
