import FoundationEssentials
import TransparencyLog

/// A server's log.
struct ServerLog: LogSource {
    private let transport: any Transport
    private let headers: [String: String]

    /// Throws `CommandError` for an address that is none.
    init(server: String, workspace: String?) throws {
        transport = try AddressTransport(address: server)
        var headers: [String: String] = [:]
        if let key = ProcessInfo.processInfo.environment["COUNTERSIGN_KEY"] {
            headers["Authorization"] = "Bearer \(key)"
        }
        if let workspace { headers["X-Countersign-Workspace"] = workspace }
        self.headers = headers
    }

    func checkpoint() async throws -> [UInt8]? { try await get("checkpoint") }

    func contents(of path: TilePath) async throws -> [UInt8]? { try await get("\(path)") }

    private func get(_ path: String) async throws -> [UInt8]? {
        let answer = try await transport.send(
            CommandRequest(method: "GET", path: "/v1/log/\(path)", headers: headers, body: nil), nil)
        switch answer.status {
        case 200: return Array(answer.body)
        case 404, 410: return nil
        default:
            let refusal = Refusal(status: answer.status, body: answer.body)
            throw CommandError(refusal.message, code: refusal.code)
        }
    }
}
