import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    /// `GET /api/v1/passcodes/{req_id}`
    func showPasscode(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request, for: .read).passcodeCaller(of: request)
        return Self.answer(try await rooms.challenges.status(of: try Self.identifier(request), for: caller))
    }

    /// `POST /api/v1/passcodes/{req_id}/cancel`
    func cancelPasscode(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request, for: .send).passcodeCaller(of: request)
        return Self.answer(try await rooms.challenges.cancel(try Self.identifier(request), for: caller))
    }

    private static func identifier(_ request: Request) throws(PasscodeError) -> String {
        // No identifier is longer, and the database need not look for one that is.
        guard let identifier = request.parameters["req_id"], identifier.utf8.count <= 128 else {
            throw .challengeUnknown()
        }
        return identifier
    }

    private static func answer(_ record: PasscodeRecord) -> Response {
        var answer = JSONObjectText(capacity: 512)
        answer.add("attempts_remaining", record.attemptsRemaining)
        answer.add("channel", record.channel.rawValue)
        answer.add("created_at", WireTime.exactText(record.createdAt))
        answer.add("deliveries", record.deliveries.map(text))
        answer.add("expires_at", WireTime.exactText(record.expiresAt))
        answer.add("metadata", json: record.metadata?.text)
        answer.add("req_id", record.identifier)
        answer.add("status", record.status.rawValue)
        return Response.json(answer)
    }

    private static func text(_ delivery: Delivery) -> JSONObjectText {
        var text = JSONObjectText(capacity: 256)
        text.add("channel", delivery.channel.rawValue)
        text.add("provider", delivery.provider)
        text.add("reason", delivery.reason.isEmpty ? nil : delivery.reason)
        text.add("reported_at", delivery.reportedAt.map(WireTime.exactText))
        text.add("settled_at", delivery.settledAt.map(WireTime.exactText))
        text.add("started_at", WireTime.exactText(delivery.startedAt))
        text.add("status", delivery.state.rawValue)
        return text
    }
}
