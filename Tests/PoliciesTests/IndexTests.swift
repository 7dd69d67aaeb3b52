import JOSE
import Testing

@testable import Policies

/// The index only saves work: it never changes what is decided.
@Suite struct IndexTests {
    private static let parts = ["a", "b", "ab", "bank", "file", "a-b", "a_1"]

    private func action(_ numbers: inout SeededNumbers) -> String {
        (0..<Int.random(in: 2...3, using: &numbers)).map { _ in Self.parts.randomElement(using: &numbers) ?? "a" }
            .joined(separator: ".")
    }

    private func condition(_ numbers: inout SeededNumbers) -> JSONValue {
        switch Int.random(in: 0..<7, using: &numbers) {
        case 0: ["equals": .string(action(&numbers))]
        case 1: ["in": .array((0..<3).map { _ in .string(action(&numbers)) })]
        case 2, 3:
            ["startsWith": .string(String(action(&numbers).prefix(Int.random(in: 1...6, using: &numbers))))]
        case 4: ["startsWith": .string(action(&numbers)), "notEquals": .string(action(&numbers))]
        case 5: ["endsWith": .string(Self.parts.randomElement(using: &numbers) ?? "a")]
        default: ["notIn": .array([.string(action(&numbers))])]
        }
    }

    private func randomPolicy(_ number: Int, _ numbers: inout SeededNumbers) throws -> Policy {
        var members: [JSONValue.Member] = [
            .init(name: "name", value: .string("\(number)")),
            .init(name: "priority", value: .integer(Int64.random(in: 0...4, using: &numbers))),
            .init(name: "conditions", value: ["action": condition(&numbers)]),
            .init(
                name: "action", value: .string((PolicyAction.allCases.randomElement(using: &numbers) ?? .deny).rawValue)
            ),
        ]
        if Bool.random(using: &numbers) {
            members.append(.init(name: "agentId", value: .string("agent-\(Int.random(in: 1...2, using: &numbers))")))
        }
        return try Policy(reading: .object(members))
    }

    @Test("what the index finds decides as looking at every rule in turn would", arguments: 0..<40)
    func equivalence(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let set = try PolicySet((0..<60).map { try randomPolicy($0, &numbers) })
        for _ in 0..<200 {
            let request = try facts(action(&numbers), agent: "agent-\(Int.random(in: 1...3, using: &numbers))")
            let expected = set.policies.first { $0.matches(request) }?.name
            #expect(set.evaluate(request).policy?.name == expected)
            #expect(set.explain(request).verdict == set.evaluate(request))
        }
    }

    @Test("only the rules that may match an action are looked at")
    func candidates() throws {
        let texts = (0..<500).map { #"{"conditions": {"action": {"equals": "category\#($0).read"}}}"# }
        let set = try PolicySet((texts + [#"{"conditions": {"resource": {"equals": "x"}}}"#]).map { try policy($0) })
        #expect(set.index.candidates(for: "category7.read").map { $0 } == [7, 500])
        #expect(set.index.candidates(for: "unknown.read").map { $0 } == [500])
    }

    @Test("the rules of every beginning of an action are found, in their order")
    func beginnings() throws {
        let starts = ["b", "bank.transfer.", "a.", "bank", "bank.", "bank.transfer", "bank.tz", "c"]
        let set = try PolicySet(starts.map { try policy(#"{"conditions": {"action": {"startsWith": "\#($0)"}}}"#) })
        func found(_ action: String) -> [String] { set.index.candidates(for: action).map { starts[$0] } }
        #expect(found("bank.transfer.now") == ["b", "bank.transfer.", "bank", "bank.", "bank.transfer"])
        #expect(found("bank.u") == ["b", "bank", "bank."])
        #expect(found("a.b") == ["a."])
        #expect(found("d.e") == [])
    }
}
