import HTTPServer
import Permissions
import Policies

/// What other policies would have said, on the wire of the operator's API.
struct ReplayText {
    let object: JSONObjectText

    init(_ replay: PolicyReplay) {
        var text = JSONObjectText(capacity: 4096)
        text.add("tried", replay.tried)
        text.add("changes", replay.changes.map(Self.change))
        text.add("reached", replay.reached.map(WireTime.exactText))
        text.add("next", replay.next)
        object = text
    }

    private static func change(_ change: PolicyReplay.Change) -> JSONObjectText {
        let facts = change.request.facts
        var text = JSONObjectText(capacity: 256)
        text.add("permission", change.request.permission)
        text.add("action", facts.action)
        text.add("agent", facts.agentId)
        text.add("time", WireTime.exactText(facts.now))
        text.add("before", change.request.action.status)
        text.add("after", change.verdict.action.status)
        text.add("reason", change.verdict.reason)
        return text
    }
}
