import Testing

@testable import Policies

/// Time and rate come from the server, never from the agent.
@Suite struct ServerFactTests {
    private static let hour: Int64 = 3_600_000
    /// Sunday, 29 March 2026, 00:30 UTC: Berlin moves its clocks from 2 to 3 half an hour later.
    private static let beforeSummerTime: Int64 = 1_774_744_200_000

    private func decision(_ conditions: String, now: Int64 = 0, rate: Int? = nil) throws -> PolicyAction {
        let set = try policies(#"{"conditions": {\#(conditions)}, "action": "auto_approve"}"#)
        return try set.evaluate(facts("a.b", now: now, rate: rate)).action
    }

    @Test("the hour is that of the rule's zone, in summer and winter, and of UTC without one")
    func hours() throws {
        let berlin = { (hour: Int) in #""time.hour": {"equals": \#(hour), "zone": "Europe/Berlin"}"# }
        #expect(try decision(#""time.hour": {"equals": 0}"#, now: Self.beforeSummerTime) == .autoApprove)
        #expect(try decision(berlin(1), now: Self.beforeSummerTime) == .autoApprove)
        #expect(try decision(berlin(3), now: Self.beforeSummerTime + Self.hour) == .autoApprove)
        let kathmandu = #""time.hour": {"equals": 6, "zone": "Asia/Kathmandu"}"#
        #expect(try decision(kathmandu, now: Self.beforeSummerTime) == .autoApprove)
    }

    @Test("the day is that of the rule's zone")
    func weekdays() throws {
        let sunday = #""time.weekday": {"equals": "sunday"}"#
        let honolulu = #""time.weekday": {"equals": "saturday", "zone": "Pacific/Honolulu"}"#
        #expect(try decision(sunday, now: Self.beforeSummerTime) == .autoApprove)
        #expect(try decision(honolulu, now: Self.beforeSummerTime) == .autoApprove)
        #expect(try decision(#""time.weekday": {"equals": "thursday"}"#, now: 0) == .autoApprove)
        #expect(try decision(#""time.weekday": {"in": ["wednesday"]}"#, now: -1) == .autoApprove)
        #expect(try decision(#""time.hour": {"equals": 23}"#, now: -1) == .autoApprove)
    }

    @Test("office hours hold from nine to five on weekdays")
    func officeHours() throws {
        let rule = #"""
            "time.hour": {"greaterThanOrEqual": 9, "lessThan": 17, "zone": "Europe/Berlin"},
            "time.weekday": {"notIn": ["saturday", "sunday"], "zone": "Europe/Berlin"}
            """#
        // Monday, 2 March 2026, 00:00 UTC is 1 o'clock in Berlin.
        let monday: Int64 = 1_772_409_600_000
        for (offset, expected) in [(7, false), (8, true), (15, true), (16, false)] {
            let action = try decision(rule, now: monday + Int64(offset) * Self.hour)
            #expect((action == .autoApprove) == expected)
        }
        #expect(try decision(rule, now: monday - 38 * Self.hour) == .requireApproval)
    }

    @Test("a rate limits how often a rule approves in an hour")
    func rate() throws {
        let rule = #""rate.perHour": {"lessThan": 10}"#
        #expect(try decision(rule, rate: 0) == .autoApprove)
        #expect(try decision(rule, rate: 9) == .autoApprove)
        #expect(try decision(rule, rate: 10) == .requireApproval)
    }

    @Test("without a count a rule about it never approves, and always denies")
    func uncounted() throws {
        #expect(try decision(#""rate.perHour": {"lessThan": 10}"#, rate: nil) == .requireApproval)
        let deny = try policies(#"{"conditions": {"rate.perHour": {"greaterThan": 10}}}"#)
        #expect(try deny.evaluate(facts("a.b", rate: nil)).action == .deny)
        #expect(try deny.evaluate(facts("a.b", rate: 10)).action == .requireApproval)
    }

    @Test("requests are counted only where a rule that may apply asks for it")
    func asksForRate() throws {
        let set = try policies(
            #"{"conditions": {"action": {"startsWith": "bank."}, "rate.perHour": {"greaterThan": 5}}, "agentId": "agent-1"}"#,
            #"{"conditions": {"action": {"equals": "file.read"}}}"#)
        #expect(set.asksForRate(action: "bank.transfer", agentId: "agent-1"))
        #expect(!set.asksForRate(action: "bank.transfer", agentId: "agent-2"))
        #expect(!set.asksForRate(action: "file.read", agentId: "agent-1"))
        #expect(try !policies().asksForRate(action: "file.read", agentId: "agent-1"))
    }

    @Test("an agent cannot bring its own time or rate")
    func notFromTheAgent() throws {
        let set = try policies(
            #"{"conditions": {"time.hour": {"equals": 12}, "rate.perHour": {"lessThan": 1}}, "action": "auto_approve"}"#
        )
        let lie = #"{"time": {"hour": 12}, "time.hour": 12, "rate.perHour": 0, "rate": {"perHour": 0}}"#
        #expect(try set.evaluate(facts("a.b", scope: lie, context: lie, now: 0, rate: 5)).action == .requireApproval)
    }

    @Test(
        "a zone, an hour, a day or a rate that cannot be is refused",
        arguments: [
            #""time.hour": {"equals": 24}"#, #""time.hour": {"equals": 1.5}"#, #""time.hour": {"equals": "9"}"#,
            #""time.hour": {"matches": "9"}"#, #""time.hour": {"equals": 9, "zone": "Mars/Olympus"}"#,
            #""time.hour": {"equals": 9, "zone": "CET"}"#, #""time.hour": {"equals": 9, "zone": 1}"#,
            #""time.hour": {"zone": "UTC"}"#, #""time.hour": {"equals": 9, "zone": "../../etc/passwd"}"#,
            #""time.weekday": {"equals": "Monday"}"#, #""time.weekday": {"equals": 1}"#,
            #""time.weekday": {"lessThan": "friday"}"#, #""rate.perHour": {"lessThan": -1}"#,
            #""rate.perHour": {"lessThan": "5"}"#, #""rate.perHour": {"equals": 5}"#,
            #""scope.x": {"equals": 9, "zone": "UTC"}"#, #""time.minute": {"equals": 1}"#,
        ])
    func impossible(conditions: String) throws {
        #expect(try faults(#"{"conditions": {\#(conditions)}}"#).count == 1)
    }
}
