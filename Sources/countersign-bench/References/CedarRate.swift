import JOSE

/// How many decisions a second Cedar makes through its Python binding on the same rules and requests.
struct CedarRate {
    /// Decisions a second.
    let rate: Double
    /// How many of the requests it allows.
    let allowed: Int

    /// Runs `program` (scripts/benchmarks/cedar.sh) for some seconds.
    init(_ workload: PolicyWorkload, program: String, folder: WorkFolder, seconds: Double) throws(BenchmarkError) {
        let policies = folder.path(folder.freshName("policies.cedar"))
        let requests = folder.path(folder.freshName("requests.json"))
        try TextFile.write(workload.cedarPolicies, to: policies)
        try TextFile.write(JSONValue.array(workload.requests.map(Self.request)).description, to: requests)
        let printed = try ChildProcess.printed(
            program, [policies, requests, "\(seconds)"], output: folder.path(folder.freshName("cedar.log")))
        let numbers = printed.split(whereSeparator: \.isWhitespace)
        guard numbers.count == 2, let rate = Double(numbers[0]), let allowed = Int(numbers[1]) else {
            throw BenchmarkError("\(program) printed no rate")
        }
        self.rate = rate
        self.allowed = allowed
    }

    /// As Cedar takes it: what is no entity is context.
    private static func request(_ request: JSONValue) -> JSONValue {
        [
            "principal": "Agent::\"agent\"", "action": .string("Action::\"\(request["action"]?.text ?? "")\""),
            "resource": "Resource::\"any\"",
            "context": .object(request.members?.filter { $0.name != "agentId" } ?? []),
        ]
    }
}
