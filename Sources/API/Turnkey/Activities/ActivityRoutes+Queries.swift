import AuditLog
import HTTPServer
import Passcodes
import SealedPasscodes
import Workspaces

extension ActivityRoutes {
    private struct Holder: Encodable {
        var organizationId: String
        var organizationName: String
        var userId: String
        var username: String
    }

    /// `whoami`: the user whose session or registered key made the stamp; for a back end, its key.
    @Sendable func whoAmI(_ request: Request) async throws -> Response {
        try await answering(request) { asker, _ in
            try Response.json(
                Holder(
                    organizationId: asker.caller.organization, organizationName: asker.caller.caller.workspace.name,
                    userId: asker.identifier, username: asker.name))
        }
    }

    /// `get_activity`: what became of an activity of the last minutes.
    @Sendable func getActivity(_ request: Request) async throws -> Response {
        try await answering(request) { asker, fields in
            let id = try fields.text("activityId", lengths: 1...64)
            let workspace = asker.caller.caller.workspace.id
            let submitter = asker.caller.submitter
            guard
                let found = recent.find(id, workspace: workspace, submitter: submitter)
                    ?? logins.find(id, workspace: workspace, submitter: submitter)
            else {
                throw TurnkeyError.activityNotFound
            }
            return try found.response()
        }
    }

    /// Who asks something: a user, or a back end.
    private struct Asker {
        var caller: ActivityCaller
        var identifier: String
        var name: String
    }

    /// Finds out who asks, runs the handler, and lets pages of the named workspace read what comes of it.
    private func answering(
        _ request: Request, _ handler: (Asker, WireObject) throws -> Response
    ) async throws -> Response {
        let stamp = try Stamp(request)
        guard stamp.attestation == nil else {
            throw TurnkeyError.malformedStamp("X-Stamp-Attested is for stamp_login only; send X-Stamp")
        }
        let fields = try WireObject(body: request.bodyBytes)
        let workspace = try await rooms.workspace(organization: try fields.organization())
        let page = try rooms.page(of: request, in: workspace)
        var response: Response
        do {
            response = try handler(try await asker(stamp, request, in: workspace), fields)
        } catch {
            response = try rooms.turnkeyRefusal(of: request, error)
        }
        CrossOrigin.share(&response, with: page)
        return response
    }

    /// A back end is looked for first: a user may register any public key, a back end's too.
    private func asker(_ stamp: Stamp, _ request: Request, in workspace: Workspace) async throws -> Asker {
        let backEnd: Caller
        do {
            backEnd = try await rooms.backEnd(stamp, request, for: .read)
        } catch  where error.code == .keyInvalid {
            return try await user(stamp, request, in: workspace)
        }
        guard backEnd.workspace.id == workspace.id else { throw TurnkeyError.organizationMismatch }
        return Asker(caller: ActivityCaller(backEnd, request), identifier: backEnd.keyIdentifier, name: "")
    }

    private func user(_ stamp: Stamp, _ request: Request, in workspace: Workspace) async throws -> Asker {
        let user = try await rooms.sessions.user(stampedBy: stamp.key, workspace: workspace)
        let origin = RequestOrigin(
            principal: .user(user.id), request: request.identifier.description, address: request.peer.description)
        let caller = PasscodeCaller(workspace: workspace, mode: user.mode, origin: origin, network: nil)
        return Asker(
            caller: ActivityCaller(caller: caller, submitter: .key(stamp.key)), identifier: user.id, name: user.name)
    }
}

extension TurnkeyError {
    fileprivate static let activityNotFound = TurnkeyError(
        .notFound, .activityNotFound, "no activity found with the given ID among those of the last minutes")
}
