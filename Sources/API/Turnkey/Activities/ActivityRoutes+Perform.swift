import Crypto
import HTTPServer
import Workspaces

extension ActivityRoutes {
    /// Runs an activity once, however often its request comes: a repetition gets what came of the first, or learns that
    /// it is still under way.
    func perform(
        _ activity: ActivityRequest, _ request: Request, for caller: ActivityCaller,
        _ run: (_ fingerprint: [UInt8]) async throws -> [String: String]
    ) async throws -> Response {
        let identity = Activity.Identity(
            workspace: caller.caller.workspace.id, submitter: caller.submitter, kind: activity.kind,
            fingerprint: Array(SHA256.hash(data: request.bodyBytes)))
        let (begun, isNew) = recent.begin(
            identity, organization: caller.organization, type: activity.type, now: rooms.clock.now())
        guard isNew else { return try again(begun) }
        do {
            let result = try await run(identity.fingerprint)
            return try recent.finish(begun, .completed(result), now: rooms.clock.now()).response()
        } catch {
            settle(begun, after: error)
            throw error
        }
    }

    private func again(_ activity: Activity) throws -> Response {
        if case .failed(let error) = activity.outcome { throw error }
        return try activity.response()
    }

    private func settle(_ activity: Activity, after error: any Error) {
        guard let failure = TurnkeyError(translating: error), !failure.isTransient else {
            return recent.forget(activity)
        }
        _ = recent.finish(activity, .failed(failure), now: rooms.clock.now())
    }
}
