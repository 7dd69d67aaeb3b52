import FoundationEssentials
import TransparencyLog

/// A log that is served over HTTP.
struct ServerLog: LogSource {
    private let transport: any Transport
    private let headers: [String: String]
    /// What paths begin with, up to the last slash.
    private let prefix: String
    private let pause: @Sendable (Int) async throws -> Void

    /// How often a file is asked for, where the server says that it is too busy.
    private static let attempts = 5
    /// Seconds of the longest pause between two of them.
    private static let longestPause = 60

    /// - Parameters:
    ///   - prefix: what paths begin with, up to the last slash.
    ///   - pause: waits so many seconds.
    init(
        _ transport: any Transport, prefix: String, headers: [String: String] = [:],
        pause: @escaping @Sendable (Int) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.transport = transport
        self.prefix = prefix
        self.headers = headers
        self.pause = pause
    }

    /// The log of a server of ours. Throws `CommandError` for an address that is none.
    ///
    /// - Parameter authorities: who vouches for the server, as for `AddressTransport`.
    init(server: String, workspace: String?, authorities: String? = nil) throws {
        var headers: [String: String] = [:]
        if let key = try CommandKey.given(nil) { headers["Authorization"] = "Bearer \(key)" }
        if let workspace { headers["X-Countersign-Workspace"] = workspace }
        self.init(try AddressTransport(address: server, authorities: authorities), prefix: "/v1/log/", headers: headers)
    }

    /// The files of a log at an address of anybody's, who gets no key. Throws `CommandError` for an address that is none.
    init(url: String, authorities: String? = nil) throws {
        // Unencrypted too: there is no key to lose, and what comes is signed.
        let transport = try AddressTransport(
            address: url, option: "--url", carriesKey: false, authorities: authorities)
        self.init(transport, prefix: transport.path.hasSuffix("/") ? transport.path : transport.path + "/")
    }

    func checkpoint() async throws -> [UInt8]? { try await get("checkpoint") }

    func contents(of path: TilePath) async throws -> [UInt8]? { try await get("\(path)") }

    private func get(_ path: String) async throws -> [UInt8]? {
        let request = CommandRequest(method: "GET", path: prefix + path, headers: headers, body: nil)
        var answer = try await transport.send(request, nil)
        for attempt in 2...Self.attempts where answer.status == 429 || answer.status == 503 {
            let seconds = min(max(answer.retryAfter ?? attempt, 1), Self.longestPause)
            Terminal.say("\(path): the server answered \(answer.status); trying again in \(seconds) s")
            try await pause(seconds)
            answer = try await transport.send(request, nil)
        }
        switch answer.status {
        case 200: return Array(answer.body)
        case 404, 410: return nil
        default: throw Self.failure(answer, path)
        }
    }

    private static func failure(_ answer: CommandResponse, _ path: String) -> CommandError {
        let refusal = Refusal(status: answer.status, body: answer.body)
        let advice =
            switch answer.status {
            case 300..<400: "It points elsewhere, where no key follows: give the address that it points to."
            case 401, 403: "Set COUNTERSIGN_KEY to an operator's key, with --server; or make the log public."
            case 429, 503: "It is busy or down: try again later."
            case 500...: "Something is wrong there: look in its log, then try again."
            default: "Is that the address of a log?"
            }
        return CommandError("\(path): \(refusal.message). \(advice)", code: refusal.code)
    }
}
