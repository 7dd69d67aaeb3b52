import JOSE
import Testing

@testable import Policies

/// Refusal 12 as a law: every use that the narrowed scope accepts, both that it was made of accept.
@Suite struct NarrowingPropertyTests {
    private static let texts = [
        "a", "b", "ab", "a/b", "a/../b", "x@a.com", "x@b.com", "", "a*", "é", "a//b", "a/./b", "a/%2e/b", "a%2fb",
        "a\\b",
        "a/\nb", "a/%2*",
    ]
    private static let globs = ["a*", "*", "*@a.com", "x@*", "a/*", "*b", "a/.*", "a/%*", "a//*"]
    private static let patterns = ["^a", "b$", "@a", "^.$", "a.*b", ""]

    private func scalar(_ numbers: inout SeededNumbers) -> JSONValue {
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: .boolean(Bool.random(using: &numbers))
        case 1: .integer(Int64.random(in: -2...4, using: &numbers))
        case 2: .number(Double(Int.random(in: -4...8, using: &numbers)) / 2)
        case 3: .null
        default: .string(Self.texts.randomElement(using: &numbers) ?? "")
        }
    }

    private func list(_ numbers: inout SeededNumbers, _ element: (inout SeededNumbers) -> JSONValue) -> JSONValue {
        .array((0..<Int.random(in: 1...3, using: &numbers)).map { _ in element(&numbers) })
    }

    private func plain(_ numbers: inout SeededNumbers) -> JSONValue {
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0: list(&numbers, scalar)
        case 1: ["k": scalar(&numbers)]
        default: scalar(&numbers)
        }
    }

    private func allowed(_ numbers: inout SeededNumbers) -> JSONValue {
        list(&numbers) { numbers in
            switch Int.random(in: 0..<4, using: &numbers) {
            case 0: .integer(Int64.random(in: -1...2, using: &numbers))
            case 1: .string(Self.globs.randomElement(using: &numbers) ?? "*")
            default: .string(Self.texts.randomElement(using: &numbers) ?? "")
            }
        }
    }

    private func scope(_ numbers: inout SeededNumbers) throws -> Scope {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: (inout SeededNumbers) -> JSONValue) {
            if Bool.random(using: &numbers) { members.append(.init(name: name, value: value(&numbers))) }
        }
        add("max_n") { .number(Double(Int.random(in: -2...8, using: &$0)) / 2) }
        add("min_n") { .integer(Int64.random(in: -2...3, using: &$0)) }
        add("allowed_ts", allowed)
        add("t_pattern") { .string(Self.patterns.randomElement(using: &$0) ?? "") }
        add("max_uses") { .integer(Int64.random(in: 1...3, using: &$0)) }
        add("require_details") { .boolean(Bool.random(using: &$0)) }
        add("p", plain)
        add("flag") { .boolean(Bool.random(using: &$0)) }
        return try Scope(.object(members))
    }

    private func details(_ numbers: inout SeededNumbers) -> JSONValue? {
        guard Int.random(in: 0..<20, using: &numbers) > 0 else { return nil }
        var members: [JSONValue.Member] = []
        for name in ["n", "t", "ts", "p", "flag", "other"] where Int.random(in: 0..<3, using: &numbers) > 0 {
            members.append(.init(name: name, value: plain(&numbers)))
        }
        return .object(members)
    }

    @Test("12: granted is within what was requested and within the template", arguments: 0..<50)
    func withinBoth(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var accepted = 0
        for _ in 0..<100 {
            let requested = try scope(&numbers)
            let template = try scope(&numbers)
            guard case .scope(let granted, _) = requested.narrowed(by: template) else { continue }
            #expect(granted.maxUses <= requested.maxUses)
            if template["max_uses"] != nil { #expect(granted.maxUses <= template.maxUses) }
            #expect(try Scope(stored: granted.value) == granted)
            for _ in 0..<100 {
                let use = details(&numbers)
                guard granted.violation(in: use) == nil else { continue }
                accepted += 1
                #expect(
                    requested.violation(in: use) == nil, "\(requested) narrowed to \(granted) accepts \(use ?? .null)")
                #expect(
                    template.violation(in: use) == nil, "\(template) narrowed to \(granted) accepts \(use ?? .null)")
            }
        }
        // Nothing would be shown by scopes that accept nothing.
        #expect(accepted > 100)
    }

    @Test("narrowing by nothing or by itself changes nothing", arguments: 0..<20)
    func neutral(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<100 {
            let one = try scope(&numbers)
            guard case .scope(let alone, _) = one.narrowed(by: .unlimited) else { continue }
            #expect(alone == one)
            guard case .scope(let again, let unlisted) = one.narrowed(by: one) else {
                Issue.record("\(one) is not within itself")
                continue
            }
            #expect(again.value.isSame(as: one.value))
            #expect(unlisted.isEmpty)
        }
    }

    @Test("a template and two people, one after the other, still only narrow", arguments: 0..<20)
    func chain(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<50 {
            let scopes = try (0..<4).map { _ in try scope(&numbers) }
            var granted = scopes[0]
            var isEmpty = false
            for limit in scopes.dropFirst() {
                guard case .scope(let next, _) = granted.narrowed(by: limit) else {
                    isEmpty = true
                    break
                }
                granted = next
            }
            guard !isEmpty else { continue }
            for _ in 0..<50 {
                let use = details(&numbers)
                guard granted.violation(in: use) == nil else { continue }
                for scope in scopes { #expect(scope.violation(in: use) == nil) }
            }
        }
    }
}
