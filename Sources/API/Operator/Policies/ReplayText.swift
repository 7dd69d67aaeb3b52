import HTTPServer
import Permissions
import Policies

/// What comes of trying other policies on recorded requests, a JSON object a line.
enum ReplayText {
    static func line(_ event: PolicyReplayEvent) -> [UInt8] {
        var text = JSONObjectText(capacity: 256)
        switch event {
        case .changed(let request, let verdict): text.add("change", change(request, verdict))
        case .progress(let tried, let reached):
            text.add("tried", tried)
            text.add("reached", WireTime.exactText(reached))
        case .finished(let tried, let changed):
            text.add("done", true)
            text.add("tried", tried)
            text.add("changed", changed)
        }
        return text.bytes + [UInt8(ascii: "\n")]
    }

    private static func change(_ request: RecordedRequest, _ verdict: PolicyVerdict) -> JSONObjectText {
        var text = JSONObjectText(capacity: 256)
        text.add("permission", request.permission)
        text.add("action", request.facts.action)
        text.add("agent", request.facts.agentId)
        text.add("time", WireTime.exactText(request.facts.now))
        text.add("before", request.action.status)
        text.add("after", verdict.action.status)
        text.add("reason", verdict.reason)
        return text
    }
}
