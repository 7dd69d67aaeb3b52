import Encodings
import HTTPServer
import JOSE
import Policies

/// What changes with a set of policies, on the wire of the operator's API.
struct PolicyDiffText {
    let diff: PolicyDiff

    /// Adds the members of the answer.
    func add(to text: inout JSONObjectText) {
        text.add("added", json: Self.names(diff.added))
        text.add("removed", json: Self.names(diff.removed))
        text.add("changed", diff.changed.map(Self.change))
        text.add("reordered", diff.isReordered)
        text.add("text", diff.description)
    }

    private static func change(_ change: PolicyDiff.Change) -> JSONObjectText {
        var text = JSONObjectText()
        text.add("name", change.after.name)
        text.add(
            "fields",
            change.fields.map { field in
                var text = JSONObjectText()
                text.add("name", field.name)
                text.add("before", json: field.before?.description)
                text.add("after", json: field.after?.description)
                return text
            })
        return text
    }

    private static func names(_ policies: [Policy]) -> String {
        "[\(policies.map { JSONText.quoted($0.name) }.joined(separator: ","))]"
    }
}
