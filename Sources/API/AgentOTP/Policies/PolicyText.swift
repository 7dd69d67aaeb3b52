import HTTPServer
import JOSE
import Permissions

/// A stored policy on the wire: its document, and what the store adds to it.
struct PolicyText {
    let stored: StoredPolicy

    init(_ stored: StoredPolicy) { self.stored = stored }

    var object: JSONObjectText {
        let policy = stored.policy
        var text = JSONObjectText(capacity: 1024)
        text.add("id", policy.id)
        text.add("version", policy.version)
        for member in policy.document.members ?? [] {
            text.add(named: member.name, json: member.value.description)
        }
        text.add("createdAt", WireTime.exactText(stored.createdAt))
        text.add("updatedAt", WireTime.exactText(stored.updatedAt))
        return text
    }
}
