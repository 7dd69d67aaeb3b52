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

    /// Reads the documents. Throws `PermissionError` with `invalidFields`, each fault with its policy's name.
    init(_ body: inout BodyReader) throws {
        guard let documents = body.value("policies")?.elements else {
            throw PermissionError.invalidField("policies", "must be a list of policies")
        }
        var policies: [Policy] = []
        var faults: [PolicyError.Fault] = []
        for (place, document) in documents.enumerated() {
            do throws(PolicyError) {
                policies.append(try Policy(reading: document))
            } catch {
                let name = document["name"]?.text.map { String($0.prefix(255)) } ?? "number \(place + 1)"
                faults += error.faults.map { .init(policy: name, field: $0.field, message: $0.message) }
            }
        }
        guard faults.isEmpty else { throw PermissionError.invalidFields(faults) }
        set = try PolicySet(policies)
        self.policies = policies
    }
}
