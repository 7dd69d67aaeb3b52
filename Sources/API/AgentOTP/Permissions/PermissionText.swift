import Encodings
import HTTPServer
import Permissions

/// A permission on the wire.
struct PermissionText {
    let permission: Permission
    let token: PermissionToken?
    let addresses: PermissionAddresses

    init(_ permission: Permission, token: PermissionToken? = nil, addresses: PermissionAddresses) {
        self.permission = permission
        self.token = token
        self.addresses = addresses
    }

    /// The answer to a request: how it stands is also its status.
    var asked: Response {
        var text = JSONObjectText(capacity: 512)
        text.add("id", permission.id)
        text.add("status", permission.status.rawValue)
        let status: HTTPResponseStatus
        switch permission.status {
        case .pending:
            status = .accepted
            addAddresses(to: &text)
        case .denied:
            status = .ok
            text.add("reason", permission.reason ?? "")
        case .approved, .used, .expired, .revoked:
            // A repetition of a request finds what became of it since.
            status = permission.status == .approved ? .created : .ok
            text.add("token", token?.value)
            text.add("scope", json: shownScope)
            text.add("reason", permission.reason)
        }
        text.add("expiresAt", WireTime.exactText(permission.expiresAt))
        return Envelope.data(text, status: status)
    }

    /// The permission as its agent sees it.
    var object: JSONObjectText {
        var text = JSONObjectText(capacity: 1024)
        text.add("id", permission.id)
        text.add("status", permission.status.rawValue)
        text.add("token", token?.value)
        text.add("action", permission.action)
        text.add("resource", json: permission.resource == nil ? "null" : nil)
        text.add("resource", permission.resource)
        text.add("scope", json: shownScope)
        text.add("context", json: permission.context.text)
        text.add("reason", permission.reason)
        if permission.status == .pending { addAddresses(to: &text) }
        addDecision(to: &text)
        text.add("usesRemaining", permission.usesLeft)
        text.add("expiresAt", WireTime.exactText(permission.expiresAt))
        text.add("createdAt", WireTime.exactText(permission.createdAt))
        return text
    }

    /// The permission as those see it who decide: with what they are to be shown, and without the number that only the
    /// asking side may show.
    var forApprovers: JSONObjectText {
        var shown = self
        shown.isForApprovers = true
        var text = shown.object
        text.add("agentId", permission.agent)
        text.add("mode", permission.mode.rawValue)
        text.add("requestedScope", json: permission.scope.text)
        text.add("requestDigest", Hexadecimal.encode(permission.digest))
        text.add("approvalsNeeded", permission.approvalsNeeded)
        text.add("needsNumber", permission.matchNumber != nil)
        text.add("statement", permission.statement?.text)
        text.add("statementDigest", permission.statement?.digest)
        text.add("policyId", permission.policy?.id)
        text.add("policyVersion", permission.policy?.version)
        return text
    }

    private var isForApprovers = false

    /// What was granted, once something was; else what was asked for.
    private var shownScope: String {
        let isGranted = permission.status != .pending && permission.status != .denied
        return (isGranted ? permission.granted : nil)?.text ?? permission.scope.text
    }

    private func addAddresses(to text: inout JSONObjectText) {
        text.add("approvalUrl", addresses.approval(of: permission))
        text.add("webhookUrl", addresses.changes(of: permission))
        if !isForApprovers { text.add("matchNumber", permission.matchNumber) }
    }

    private func addDecision(to text: inout JSONObjectText) {
        guard let decision = permission.decision else {
            text.add("decidedBy", json: "null")
            text.add("decidedAt", json: "null")
            return
        }
        text.add("decidedBy", decision.by.joined(separator: ", "))
        text.add("decidedAt", WireTime.exactText(decision.at))
    }
}
