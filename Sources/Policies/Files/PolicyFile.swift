import Configuration
import JOSE

/// A YAML file of policies that are applied as a set, with tests beside them: see docs/policies.md.
///
/// ```yaml
/// policies:
///   - name: Reading
///     conditions: {action: {startsWith: file.}}
///     action: auto_approve
/// tests:
///   - name: reading needs nobody
///     request: {action: file.read}
///     expect: approved
/// ```
public struct PolicyFile: Sendable {
    /// The largest file that is read, in bytes.
    public static let largest = 1_024 * 1_024

    /// In the order of the file. No name stands there twice.
    public let policies: [Policy]
    /// The policies in the order in which they decide.
    public let set: PolicySet
    /// In the order of the file.
    public let tests: [PolicyTest]
    private let lines: [String: Int]

    /// Reads the file at `path`.
    ///
    /// - Throws: `PolicyFileError` with everything that is wrong. A file with an error gives nothing.
    public init(path: String) throws(PolicyFileError) {
        try self.init(name: path) { () throws(ConfigurationError) in
            try ConfigurationFile(path: path, largest: Self.largest)
        }
    }

    /// Reads a file that is in memory already. `name` stands for it in errors.
    public init(bytes: [UInt8], name: String) throws(PolicyFileError) {
        try self.init(name: name) { () throws(ConfigurationError) in
            try ConfigurationFile(bytes: bytes, name: name, largest: Self.largest)
        }
    }

    private init(
        name: String, _ open: () throws(ConfigurationError) -> ConfigurationFile
    ) throws(PolicyFileError) {
        let nodes: (policies: [YAMLNode], tests: [YAMLNode])
        do throws(ConfigurationError) {
            let root = try open().root
            guard let policies = try root.nodes("policies") else {
                throw ConfigurationError(file: name, line: nil, message: "has no policies: (an empty list is [])")
            }
            nodes = (policies, try root.nodes("tests") ?? [])
            try root.finish()
        } catch {
            throw PolicyFileError([error])
        }
        var reader = PolicyFileReader(file: name)
        reader.readPolicies(nodes.policies)
        reader.readTests(nodes.tests)
        let set = reader.orderedSet()
        guard reader.faults.isEmpty, let set else { throw PolicyFileError(reader.faults) }
        policies = reader.policies
        self.set = set
        tests = reader.tests
        lines = reader.lines
    }

    /// Where the policy of that name begins, counted from 1.
    public func line(of policy: String) -> Int? { lines[policy] }
}

/// What is wrong with a policy file: each fault with file, line and rule, in the order of the file.
public struct PolicyFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    public let faults: [ConfigurationError]

    init(_ faults: [ConfigurationError]) { self.faults = faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) } }

    /// A line for each, such as `policies.yaml:7: policy "Reading": priority must be a whole number …`.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
