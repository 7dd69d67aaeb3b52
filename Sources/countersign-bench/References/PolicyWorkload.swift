import JOSE
import Policies

/// Policies and requests to measure decisions with, and the same in Cedar's words.
///
/// Of ten rules eight approve one action up to an amount, one asks about all actions of a category for some accounts, and
/// one, which no action tells from the others, denies large amounts to some recipients. Those that deny come first, then
/// those that ask, so that Cedar, where a `forbid` outranks every `permit`, allows what these approve.
struct PolicyWorkload {
    let set: PolicySet
    let facts: [PermissionFacts]
    /// The requests as one JSON object each, for those that read them so.
    let requests: [JSONValue]
    let cedarPolicies: String

    init(policies count: Int, requests: Int = 1_000) throws(BenchmarkError) {
        do {
            set = try PolicySet((0..<count).map { try Policy(reading: Self.rule($0)) })
            let made = (0..<requests).map { Self.request($0, among: count) }
            self.requests = made
            facts = try made.map(Self.facts)
        } catch {
            throw BenchmarkError("the policies to measure with cannot be made: \(error)")
        }
        cedarPolicies = (0..<count).map(Self.cedarRule).joined(separator: "\n")
    }

    private static func rule(_ number: Int) -> JSONValue {
        let (conditions, action, priority): (JSONValue, JSONValue, JSONValue) =
            switch number % 10 {
            case 9:
                (
                    [
                        "context.recipient": ["endsWith": .string("@blocked\(number).example")],
                        "scope.amount": ["greaterThan": 10_000],
                    ], "deny", 300
                )
            case 8:
                (
                    [
                        "action": ["startsWith": .string("category\(number / 10).")],
                        "resource": ["startsWith": "account:vip"],
                    ], "require_approval", 200
                )
            default:
                (
                    [
                        "action": ["equals": .string("category\(number / 10).operation\(number % 10)")],
                        "scope.amount": ["lessThan": 5_000], "scope.currency": ["in": ["EUR", "CHF"]],
                    ], "auto_approve", 100
                )
            }
        return [
            "name": .string("Rule \(number)"), "priority": priority, "conditions": conditions, "action": action,
        ]
    }

    private static func cedarRule(_ number: Int) -> String {
        switch number % 10 {
        case 9:
            """
            forbid(principal, action, resource) when { context.context has recipient && \
            context.context.recipient like "*@blocked\(number).example" && context.scope has amount && \
            context.scope.amount > 10000 };
            """
        case 8:
            """
            forbid(principal, action, resource) when { context.action like "category\(number / 10).*" && \
            context.resource like "account:vip*" };
            """
        default:
            """
            permit(principal, action == Action::"category\(number / 10).operation\(number % 10)", resource) when { \
            context.scope has amount && context.scope.amount < 5000 && context.scope has currency && \
            ["EUR", "CHF"].contains(context.scope.currency) };
            """
        }
    }

    /// Spread over the rules: about half are approved, the others asked about, denied, or matched by nothing.
    private static func request(_ number: Int, among count: Int) -> JSONValue {
        let rule = number &* 7_919 % count
        let currency: JSONValue = number % 5 == 0 ? "USD" : number % 2 == 0 ? "CHF" : "EUR"
        let recipient = number % 4 == 0 ? "@blocked\(rule / 10 * 10 + 9).example" : "@example.com"
        return [
            "action": .string("category\(rule / 10).operation\(rule % 10)"),
            "resource": .string(number % 9 == 0 ? "account:vip\(number)" : "account:checking"),
            "agentId": "agent",
            "scope": ["amount": .integer(Int64(number * 37 % 12_000)), "currency": currency],
            "context": ["reason": "monthly invoice", "recipient": .string("person\(number)\(recipient)")],
        ]
    }

    private static func facts(_ request: JSONValue) throws -> PermissionFacts {
        try PermissionFacts(
            action: request["action"]?.text ?? "", resource: request["resource"]?.text, agentId: "agent",
            scope: Scope(request["scope"] ?? [:]), context: request["context"] ?? [:], now: 0)
    }
}
