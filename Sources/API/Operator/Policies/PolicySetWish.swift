import HTTPServer
import JOSE
import Permissions
import Policies

/// A set of policies that somebody sends: read as a whole, so that one answer names all that is wrong.
struct PolicySetWish {
    /// A whole set, over the Unix socket; over the network the server takes less anyway.
    static let limits = JSONValue.Limits(length: 2 * 1024 * 1024)

    /// In the order in which they were sent.
    let policies: [Policy]
    /// The same, ready to be asked.
    let set: PolicySet

    /// Reads the documents in `member`. Throws `PermissionError` with `invalidFields`, each fault with its policy's name.
    init(_ body: inout BodyReader, _ member: String = "policies") throws {
        guard let documents = body.value(member)?.elements else {
            throw PermissionError.invalidField(member, "must be a list of policies")
        }
        var policies: [Policy] = []
        var names: Set<String> = []
        var faults: [PolicyError.Fault] = []
        for (place, document) in documents.enumerated() {
            let name = document["name"]?.text.map { String($0.prefix(255)) } ?? "number \(place + 1)"
            do throws(PolicyError) {
                let policy = try Policy(reading: document)
                if !names.insert(policy.name).inserted {
                    faults.append(.init(policy: name, field: "name", message: "is another policy's, too"))
                }
                policies.append(policy)
            } catch {
                faults += error.faults.map { .init(policy: name, field: $0.field, message: $0.message) }
            }
        }
        guard faults.isEmpty else { throw PermissionError.invalidFields(faults) }
        set = try PolicySet(policies)
        try set.checkReachable()
        self.policies = policies
    }
}
