import HTTPServer
import JOSE
import Policies

/// What policies said to a request, on the wire.
struct VerdictText {
    let verdict: PolicyVerdict

    init(_ verdict: PolicyVerdict) { self.verdict = verdict }

    var object: JSONObjectText {
        var text = JSONObjectText(capacity: 512)
        text.add("decision", verdict.action.rawValue)
        text.add("reason", verdict.reason)
        text.add("scope", json: verdict.scope.value.description)
        text.add("policyId", verdict.policy?.id)
        text.add("policyName", verdict.policy?.name)
        text.add("policyVersion", verdict.policy?.version)
        return text
    }
}
