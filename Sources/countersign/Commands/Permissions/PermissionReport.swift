import Crypto
import Encodings
import FoundationEssentials
import JOSE

/// A permission as people who decide see it.
struct PermissionReport {
    let answer: JSONValue

    init(_ answer: JSONValue) { self.answer = answer }

    var id: String { text("id") }
    var status: String { text("status") }
    var isPending: Bool { status == "pending" }
    /// Whether an approval needs the number that the asking side shows.
    var needsNumber: Bool { answer["needsNumber"]?.isTrue == true }

    /// SHA-256 of the statement as it is shown here: whoever approves, approves this text and no other.
    var statementDigest: String? {
        answer["statement"]?.text.map { Hexadecimal.encode(Array(SHA256.hash(data: Array($0.utf8)))) }
    }

    /// In a list.
    var row: [String] {
        [id, status, text("action"), text("agentId"), text("createdAt"), text("resource").visible(atMost: 80)]
    }

    /// What was asked: the server's statement, or, where nobody was asked, what the agent sent.
    var claim: [String] {
        if let statement = answer["statement"]?.text {
            // Whole: an approval is of all of it.
            return statement.split(separator: "\n").map { String($0).visible(atMost: .max) }
        }
        let claimed = ["action", "resource", "requestedScope", "context"].map { name in
            "\(name): \((answer[name]?.description ?? "null").visible())"
        }
        return ["Agent \(text("agentId")) asked; nobody had to be shown. What follows is the agent's claim:"] + claimed
    }

    /// How it stands.
    var rows: [(String, String)] {
        let policy = answer["policyId"]?.text.map { "\($0) version \(answer["policyVersion"]?.wholeNumber ?? 0)" }
        let decision = answer["decidedBy"]?.text.map { "\($0) at \(text("decidedAt"))" }
        let all: [(String, String?)] = [
            ("id", id), ("status", status), ("reason", answer["reason"]?.text), ("policy", policy),
            ("decided by", decision), ("granted", isPending ? nil : answer["scope"]?.description.visible(atMost: 500)),
            ("digest", answer["requestDigest"]?.text), ("made", text("createdAt")), ("ends", text("expiresAt")),
            ("approvals needed", isPending ? answer["approvalsNeeded"]?.description : nil),
            ("approve with number", isPending && needsNumber ? "the one that the asking side shows" : nil),
            ("page", isPending ? answer["approvalUrl"]?.text : nil),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    func print() {
        for line in claim { Output.line(line) }
        Output.line("")
        Output.table(rows)
    }

    private func text(_ name: String) -> String { answer[name]?.text ?? "" }
}
