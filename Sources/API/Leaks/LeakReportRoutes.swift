import AuditLog
import HTTPServer
import Permissions
import Workspaces

/// `POST /v1/leaked-keys`: reports of keys that were seen where they do not belong, in the shape in which GitHub's secret
/// scanning sends them to its partners.
/// Source: https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
struct LeakReportRoutes: Sendable {
    private struct Match: Decodable {
        var token: String
        var type: String
        var url: String?
    }

    private struct Verdict: Encodable {
        var token: String
        var type: String
        var isKey: Bool

        enum CodingKeys: String, CodingKey {
            case token = "token_raw"
            case type = "token_type"
            case label
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(token, forKey: .token)
            try values.encode(type, forKey: .type)
            try values.encode(isKey ? "true_positive" : "false_positive", forKey: .label)
        }
    }

    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.POST, "/v1/leaked-keys") { request in
            do {
                return try await answer(request)
            } catch {
                guard let (problem, reason) = Problem.translating(error) else { throw error }
                rooms.logRefusal(of: request, code: problem.code, reason: reason)
                return problem.response
            }
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let reporter: LeakReporter
        do { reporter = try self.reporter(of: request) } catch {
            // A signature that does not hold is a stranger's, and cost more than anything else that a stranger may have.
            try rooms.leakedKeys.take(from: request.peer.network)
            throw error
        }
        if reporter == .anybody { try rooms.leakedKeys.take(from: request.peer.network) }
        let matches = try Self.matches(in: request)
        guard matches.count <= LeakedKeys.limit else {
            throw Problem(
                .payloadTooLarge, "too_many_tokens",
                "A report has at most \(LeakedKeys.limit) tokens: send the rest in further ones.")
        }
        let origin = RequestPeer(request).origin(.visitor)
        let outcome = try await rooms.leakedKeys.report(
            matches.map { LeakedText(text: $0.token, url: $0.url ?? "") }, by: reporter, origin: origin)
        await endWhatAgentsHad(outcome.ended, origin)
        return try Response.json(
            zip(matches, outcome.isKey).map { Verdict(token: $0.token, type: $0.type, isKey: $1) })
    }

    private static func matches(in request: Request) throws(Problem) -> [Match] {
        do { return try request.decode() } catch {
            var problem = Problem(error)
            let fault = problem.code == "invalid_json" ? "The body is no report." : problem.detail
            problem.detail = fault + #" Send a JSON array such as [{"token":"sk_live_…","type":"found"}]."#
            throw problem
        }
    }

    /// Throws `signatureInvalid` where a trusted reporter's key is named and its signature does not hold.
    private func reporter(of request: Request) throws(WorkspaceError) -> LeakReporter {
        let keys = request.headers.values("Github-Public-Key-Identifier")
        let signatures = request.headers.values("Github-Public-Key-Signature")
        // Two readers might not agree which one counts.
        guard keys.count <= 1, signatures.count <= 1 else { throw .signatureInvalid() }
        return try rooms.leakReporters.reporter(key: keys.first, signature: signatures.first, body: request.bodyBytes)
    }

    /// What an agent's key opened ends with it. The key counts no more already: what fails here is ended by housekeeping.
    private func endWhatAgentsHad(_ ended: [APIKey], _ origin: RequestOrigin) async {
        for workspace in Set(ended.filter(\.kind.isAgents).map(\.workspace)) {
            await rooms.permissions.agents.endStopped(in: workspace, origin: origin)
        }
    }
}
