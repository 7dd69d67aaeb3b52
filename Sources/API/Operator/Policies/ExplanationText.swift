import HTTPServer
import JOSE
import Permissions
import Policies

/// Why policies say what they say, on the wire of the operator's API: for programs, and as `text` for people.
struct ExplanationText {
    let object: JSONObjectText

    /// What policies say to a request that somebody made up.
    init(_ explanation: PolicyExplanation) {
        var text = JSONObjectText(capacity: 2048)
        text.add("explanation", json: explanation.document.description)
        text.add("text", explanation.description)
        object = text
    }

    /// What was said to a recorded request, and what is said to it today.
    init(_ explained: ExplainedRequest) {
        var text = JSONObjectText(capacity: 4096)
        text.add("permission", explained.request.permission)
        text.add("decision", explained.request.action.rawValue)
        text.add("decided_at", WireTime.exactText(explained.request.facts.now))
        text.add("decided_by", json: explained.then?.document.description)
        text.add("explanation", json: explained.now.document.description)
        text.add("text", Self.words(explained))
        object = text
    }

    private static func words(_ explained: ExplainedRequest) -> String {
        let request = explained.request
        let time = WireTime.text(request.facts.now)
        let begin = "\(request.permission) (\(request.facts.action)) was \(request.action.outcome) at \(time)"
        guard let then = explained.then else { return "\(begin): no policy matched.\n\nToday:\n\(explained.now)" }
        return "\(begin).\n\(then)\n\nToday:\n\(explained.now)"
    }
}

extension PolicyAction {
    /// What became of a request that was decided so.
    fileprivate var outcome: String {
        switch self {
        case .autoApprove: "approved at once"
        case .requireApproval: "left to people"
        case .deny: "denied at once"
        }
    }
}
