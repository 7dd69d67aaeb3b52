import AuditLog
import EnclaveLink
import HTTPServer
import JOSE
import Passcodes
import SealedPasscodes
import Workspaces

/// What whoever holds a session may do with it, proven with each request (RFC 9449).
extension SealedRoutes {
    private struct Holder: Encodable {
        struct User: Encodable {
            var id: String
        }

        var session: SessionDescription
        var user: User
    }

    /// `GET /v1/sessions/me`
    @Sendable func showSession(_ request: Request, _ session: Session) throws -> Response {
        try Response.json(Holder(session: SessionDescription(session), user: .init(id: session.user.id)))
    }

    /// `DELETE /v1/sessions/:id` with a session: one of the same user.
    @Sendable func endOwnSession(_ request: Request, _ session: Session) async throws -> Response {
        let origin = RequestOrigin(
            principal: .user(session.user.id), request: request.identifier.description,
            address: request.peer.description)
        try await rooms.sessions.end(request.parameter("id"), by: session, origin: origin)
        return Response(status: .noContent)
    }

    typealias SessionHandler = @Sendable (Request, Session) async throws -> Response

    /// Finds the session, runs the handler, and lets pages of the session's workspace read what comes of it.
    func answeringSession(_ request: Request, _ handler: SessionHandler) async throws -> Response {
        var page: String?
        var response: Response
        do {
            guard let token = request.presentedSession else { throw Problem.sessionMissing }
            page = try await rooms.page(of: request, holding: token)
            let session = try await session(request, token)
            response = try await handler(request, session)
        } catch {
            response = try refusal(of: request, error)
        }
        CrossOrigin.share(&response, with: page)
        return response
    }

    private func session(_ request: Request, _ token: String) async throws -> Session {
        let proofs = request.headers.values("DPoP")
        guard proofs.count == 1 else { throw Problem.sessionProofRefused }
        do {
            return try await rooms.sessions.session(
                token: token, proof: proofs[0], expectation: rooms.expectation(of: request, token: token))
        } catch {
            switch error.code {
            case .sessionUnknown: throw Problem.sessionRefused.because("\(error)")
            case .proofRefused: throw Problem.sessionProofRefused.because("\(error)")
            default: throw error
            }
        }
    }
}

extension Rooms {
    /// The page that asks, if the workspace that the token names lets it in. The token may be forged: at most a page
    /// learns that it is.
    /// Throws `VisitorRefusal.pageNotAllowed`; `Problem` for a token of no workspace.
    fileprivate func page(of request: Request, holding token: String) async throws -> String? {
        guard request.headers.contains("Origin") else { return nil }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = try? Base64URL.decode(Array(parts[1])[...]),
            let audience = try? JSONValue(parsing: payload)["aud"]?.text
        else { throw Problem.sessionRefused }
        do {
            return try page(of: request, in: try await directory.workspace(audience))
        } catch let error as WorkspaceError where error.code == .notFound {
            throw Problem.sessionRefused
        }
    }
}
