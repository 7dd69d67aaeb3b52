import Encodings
import HTTPServer
import JOSE
import Permissions

/// An agent on the wire. Its keys are never shown again.
struct AgentText {
    let agent: Agent

    init(_ agent: Agent) { self.agent = agent }

    var object: JSONObjectText {
        let profile = agent.profile
        var text = JSONObjectText(capacity: 512)
        text.add("id", agent.id)
        text.add("name", profile.name)
        text.add("description", profile.description)
        text.add("metadata", json: profile.metadata.description)
        text.add("originator", profile.originator)
        text.add("clientKey", profile.clientKey?.compressedHexadecimal)
        let ranges = profile.allowedAddresses.texts.map(JSONText.quoted)
        text.add("allowedAddresses", json: "[\(ranges.joined(separator: ","))]")
        text.add("rateLimit", profile.rateLimit)
        text.add("isActive", profile.isActive)
        text.add("lastUsedAt", agent.lastUsedAt.map(WireTime.exactText))
        text.add("createdAt", WireTime.exactText(agent.createdAt))
        text.add("updatedAt", WireTime.exactText(agent.updatedAt))
        return text
    }
}
