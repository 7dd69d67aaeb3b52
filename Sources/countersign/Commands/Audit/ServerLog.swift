import FoundationEssentials
import TransparencyLog

/// A log that is served over HTTP.
struct ServerLog: LogSource {
    private let transport: any Transport
    private let headers: [String: String]
    /// What paths begin with, up to the last slash.
    private let prefix: String

    /// The log of a server of ours. Throws `CommandError` for an address that is none.
    init(server: String, workspace: String?) throws {
        transport = try AddressTransport(address: server)
        prefix = "/v1/log/"
        var headers: [String: String] = [:]
        if let key = ProcessInfo.processInfo.environment["COUNTERSIGN_KEY"] {
            headers["Authorization"] = "Bearer \(key)"
        }
        if let workspace { headers["X-Countersign-Workspace"] = workspace }
        self.headers = headers
    }

    /// The files of a log at an address of anybody's, who gets no key. Throws `CommandError` for an address that is none.
    init(url: String) throws {
        let transport = try AddressTransport(address: url, option: "--url")
        let path = transport.address.path
        prefix = path.hasSuffix("/") ? path : path + "/"
        headers = [:]
        self.transport = transport
    }

    func checkpoint() async throws -> [UInt8]? { try await get("checkpoint") }

    func contents(of path: TilePath) async throws -> [UInt8]? { try await get("\(path)") }

    private func get(_ path: String) async throws -> [UInt8]? {
        let answer = try await transport.send(
            CommandRequest(method: "GET", path: prefix + path, headers: headers, body: nil), nil)
        switch answer.status {
        case 200: return Array(answer.body)
        case 404, 410: return nil
        default:
            let refusal = Refusal(status: answer.status, body: answer.body)
            throw CommandError(refusal.message, code: refusal.code)
        }
    }
}
