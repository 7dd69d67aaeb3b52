import Crypto
import EnclaveLink
import HTTPServer
import Workspaces

extension ActivityRoutes {
    /// Runs an activity once, however often its request comes: a repetition gets what came of the first, or learns that
    /// it is still under way.
    func perform(
        _ activity: ActivityRequest, _ request: Request, for caller: ActivityCaller,
        attestedBy token: VerificationToken? = nil, _ run: (_ fingerprint: [UInt8]) async throws -> [String: String]
    ) async throws -> Response {
        let identity = Activity.Identity(
            workspace: caller.caller.workspace.id, submitter: caller.submitter, kind: activity.kind,
            fingerprint: Array(SHA256.hash(data: request.bodyBytes)),
            attestation: token.map { Array(SHA256.hash(data: Array($0.value.utf8))) } ?? [])
        let recent = token == nil ? self.recent : logins
        let (begun, isNew) = recent.begin(
            identity, organization: caller.organization, type: activity.type, now: rooms.clock.now())
        guard isNew else { return try again(begun) }
        do {
            let result = try await run(identity.fingerprint)
            return try recent.finish(begun, .completed(result), now: rooms.clock.now()).response()
        } catch {
            settle(begun, in: recent, after: error)
            throw error
        }
    }

    private func again(_ activity: Activity) throws -> Response {
        if case .failed(let error) = activity.outcome { throw error }
        return try activity.response()
    }

    /// A client's failure is forgotten: whoever makes a key of their own could fill the memory with them.
    private func settle(_ activity: Activity, in recent: RecentActivities, after error: any Error) {
        guard activity.identity.attestation.isEmpty, let failure = TurnkeyError(translating: error),
            !failure.isTransient
        else {
            return recent.forget(activity)
        }
        _ = recent.finish(activity, .failed(failure), now: rooms.clock.now())
    }
}
