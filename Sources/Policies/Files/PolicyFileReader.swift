import Configuration
import Encodings
import JOSE

/// Reads policies and tests of one file and keeps what is wrong with them, each with its line.
struct PolicyFileReader {
    let file: String
    private(set) var policies: [Policy] = []
    private(set) var tests: [PolicyTest] = []
    private(set) var faults: [ConfigurationError] = []
    /// Where each policy begins.
    private(set) var lines: [String: Int] = [:]

    init(file: String) { self.file = file }

    mutating func readPolicies(_ nodes: [YAMLNode]) {
        for node in nodes {
            read(node, "policy") { reader, document throws(PolicyError) in
                let policy = try Policy(reading: document.value)
                if let first = reader.lines[policy.name] {
                    throw PolicyError(
                        .invalidPolicy, field: "name", "stands here a second time, first in line \(first)")
                }
                reader.lines[policy.name] = node.line
                reader.policies.append(policy)
            }
        }
    }

    mutating func readTests(_ nodes: [YAMLNode]) {
        for node in nodes {
            read(node, "test") { reader, document throws(PolicyError) in
                reader.tests.append(try PolicyTest(reading: document.value, line: node.line))
            }
        }
    }

    /// The policies as a set that can decide; nil, with the faults, where it cannot.
    mutating func orderedSet() -> PolicySet? {
        do throws(PolicyError) {
            let set = try PolicySet(policies)
            try set.checkReachable()
            return set
        } catch {
            for fault in error.faults {
                add(fault.description, line: fault.policy.flatMap { lines[$0] })
            }
            return nil
        }
    }

    private mutating func read(
        _ node: YAMLNode, _ kind: String, _ take: (inout Self, FileDocument) throws(PolicyError) -> Void
    ) {
        let document: FileDocument
        do throws(ConfigurationError) {
            document = try FileDocument(node, file: file)
        } catch {
            faults.append(error)
            return
        }
        do throws(PolicyError) {
            try take(&self, document)
        } catch {
            let name = document.value["name"]?.text.map { "\(kind) \(JSONText.quoted($0.shortened))" } ?? kind
            for fault in error.faults { add("\(name): \(fault.description)", line: document.line(of: fault.field)) }
        }
    }

    private mutating func add(_ message: String, line: Int?) {
        faults.append(ConfigurationError(file: file, line: line, message: message))
    }
}
