import AuditLog
import EnclaveLink
import HTTPServer
import Passcodes

/// What providers report of their messages: `/v1/delivery-reports/{provider}`. There is no key: a provider signs.
struct DeliveryReportRoutes: Sendable {
    let rooms: Rooms

    private static let pattern = "/v1/delivery-reports/:provider"

    func register(in router: inout Router) throws {
        try router.on(.POST, Self.pattern) { try await answering($0) }
        // Meta asks once whether the address is meant for it.
        try router.on(.GET, Self.pattern) { try await answering($0) }
    }

    private func answering(_ request: Request) async throws -> Response {
        do {
            let origin = RequestOrigin(
                principal: .system, request: request.identifier.description, address: request.peer.description)
            let text = try await rooms.challenges.take(
                try reports(request), from: request.peer.network, origin: origin)
            guard let text else { return Response(status: .ok) }
            return Response(
                status: .ok, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
        } catch {
            guard let (problem, reason) = Problem.translating(error) else { throw error }
            rooms.logRefusal(of: request, code: problem.code, reason: reason)
            return problem.response
        }
    }

    private func reports(_ request: Request) throws -> ReadDeliveryReports {
        guard request.headers.count <= ReadDeliveryReports.headerLimit else { throw PasscodeError.reportRefused() }
        let body = request.bodyBytes
        guard body.count <= ReadDeliveryReports.bodyLimit else { throw PasscodeError.reportMalformed() }
        return ReadDeliveryReports(
            provider: request.parameters["provider"] ?? "", method: request.method.rawValue,
            url: rooms.issuer.address + request.pathAndQuery,
            headers: request.headers.map { ReportHeader(name: $0, value: $1) },
            body: body)
    }
}
