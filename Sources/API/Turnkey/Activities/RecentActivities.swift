import Synchronization
import Workspaces

/// The activities of the last minutes, in memory: the same request gets the same activity again and has no second effect.
///
/// Kept in two halves, so that forgetting the older one is all that there is to forgetting.
final class RecentActivities: Sendable {
    /// Activities remembered, at most.
    static let limit = 10_000
    /// Milliseconds for which an activity is remembered at least, unless more than `limit` come: as long as a request's
    /// time can lie within `ActivityRequest.window`.
    static let lifetime = 2 * ActivityRequest.window

    fileprivate struct Half {
        var activities: [String: Activity] = [:]
        var ids: [Activity.Identity: String] = [:]
        var startedAt: Int64 = 0
    }

    fileprivate struct State {
        var newer = Half()
        var older = Half()
    }

    private let state = Mutex(State())

    /// The activity that such a request began, or a new one that its caller now has to bring to an end.
    func begin(
        _ identity: Activity.Identity, organization: String, type: String, now: Int64
    ) -> (activity: Activity, isNew: Bool) {
        state.withLock { state in
            state.forget(now: now)
            if let known = state.find(identity) { return (known, false) }
            let activity = Activity(
                identity: identity, id: RandomIdentifier.uuid(), organization: organization, type: type,
                createdAt: now, updatedAt: now)
            state.newer.activities[activity.id] = activity
            state.newer.ids[identity] = activity.id
            return (activity, true)
        }
    }

    /// The end of an activity.
    func finish(_ activity: Activity, _ outcome: Activity.Outcome, now: Int64) -> Activity {
        var finished = activity
        finished.outcome = outcome
        finished.updatedAt = now
        state.withLock { $0.replace(finished) }
        return finished
    }

    /// Lets the same request begin anew: nothing came of this one.
    func forget(_ activity: Activity) {
        state.withLock { $0.remove(activity) }
    }

    /// Nil for an activity of somebody else as for none.
    func find(_ id: String, workspace: String, submitter: Activity.Submitter) -> Activity? {
        let found = state.withLock { $0.newer.activities[id] ?? $0.older.activities[id] }
        guard let identity = found?.identity, identity.workspace == workspace, identity.submitter == submitter else {
            return nil
        }
        return found
    }
}

extension RecentActivities.State {
    fileprivate mutating func forget(now: Int64) {
        let isFull = newer.activities.count >= RecentActivities.limit / 2
        guard isFull || now - newer.startedAt >= RecentActivities.lifetime else { return }
        older = newer
        newer = RecentActivities.Half(startedAt: now)
    }

    fileprivate func find(_ identity: Activity.Identity) -> Activity? {
        if let id = newer.ids[identity] { return newer.activities[id] }
        return older.ids[identity].flatMap { older.activities[$0] }
    }

    fileprivate mutating func replace(_ activity: Activity) {
        if newer.activities[activity.id] != nil { newer.activities[activity.id] = activity }
        if older.activities[activity.id] != nil { older.activities[activity.id] = activity }
    }

    fileprivate mutating func remove(_ activity: Activity) {
        for half in [\Self.newer, \Self.older] where self[keyPath: half].activities[activity.id] != nil {
            self[keyPath: half].activities[activity.id] = nil
            self[keyPath: half].ids[activity.identity] = nil
        }
    }
}
