import Synchronization
import Workspaces

/// The activities of the last minutes, in memory: the same request gets the same activity again and has no second effect.
///
/// Kept in slices of time, so that forgetting the oldest one is all that there is to forgetting, and little is kept for
/// longer than it must be.
final class RecentActivities: Sendable {
    /// Activities remembered, at most.
    static let limit = 10_000
    /// Milliseconds for which an activity is remembered at least, unless more than nine tenths of `limit` come
    /// meanwhile: as long as a request's time can lie within `ActivityRequest.window`.
    static let lifetime = 2 * ActivityRequest.window
    /// Into how many slices `lifetime` falls where few come, and `limit` where many do.
    private static let parts = 10
    /// Activities in a slice, at most.
    fileprivate static let sliceLimit = limit / parts
    /// Milliseconds in which a slice takes activities. It is kept for `lifetime` after that.
    fileprivate static let turn = lifetime / Int64(parts)
    /// Those that were full and those whose turn was over, at most. There would be more only where most of what was in
    /// full ones was taken back.
    fileprivate static let slices = 2 * parts

    fileprivate struct Slice {
        var activities: [String: Activity] = [:]
        var ids: [Activity.Identity: String] = [:]
        var startedAt: Int64
    }

    fileprivate struct State {
        /// Oldest first.
        var slices: [Slice] = []
    }

    private let state = Mutex(State())

    /// The activity that such a request began, or a new one that its caller now has to bring to an end.
    func begin(
        _ identity: Activity.Identity, organization: String, type: String, now: Int64
    ) -> (activity: Activity, isNew: Bool) {
        state.withLock { state in
            state.turn(now: now)
            if let known = state.find(identity) { return (known, false) }
            let activity = Activity(
                identity: identity, id: RandomIdentifier.uuid(), organization: organization, type: type,
                createdAt: now, updatedAt: now)
            state.insert(activity)
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
        let found = state.withLock { $0.find(id) }
        guard let identity = found?.identity, identity.workspace == workspace, identity.submitter == submitter else {
            return nil
        }
        return found
    }
}

extension RecentActivities.State {
    /// Begins a slice where it is time, and forgets what has outlived its own.
    fileprivate mutating func turn(now: Int64) {
        slices.removeAll { now - $0.startedAt >= RecentActivities.lifetime + RecentActivities.turn }
        if let newest = slices.last, now - newest.startedAt < RecentActivities.turn,
            newest.activities.count < RecentActivities.sliceLimit
        {
            return
        }
        while slices.count >= RecentActivities.slices || !hasRoom { slices.removeFirst() }
        slices.append(RecentActivities.Slice(startedAt: now))
    }

    /// Whether one more slice may fill.
    private var hasRoom: Bool {
        slices.reduce(0) { $0 + $1.activities.count } <= RecentActivities.limit - RecentActivities.sliceLimit
    }

    fileprivate mutating func insert(_ activity: Activity) {
        slices[slices.count - 1].activities[activity.id] = activity
        slices[slices.count - 1].ids[activity.identity] = activity.id
    }

    fileprivate func find(_ id: String) -> Activity? {
        for slice in slices.reversed() { if let activity = slice.activities[id] { return activity } }
        return nil
    }

    fileprivate func find(_ identity: Activity.Identity) -> Activity? {
        for slice in slices.reversed() { if let id = slice.ids[identity] { return slice.activities[id] } }
        return nil
    }

    fileprivate mutating func replace(_ activity: Activity) {
        guard let index = slices.firstIndex(where: { $0.activities[activity.id] != nil }) else { return }
        slices[index].activities[activity.id] = activity
    }

    fileprivate mutating func remove(_ activity: Activity) {
        for index in slices.indices where slices[index].activities.removeValue(forKey: activity.id) != nil {
            slices[index].ids[activity.identity] = nil
        }
    }
}
