import JOSE
import Testing

@testable import Policies

/// How a policy's document is read and written.
@Suite struct DocumentTests {
    @Test("a document is read, and written so that it reads as the same policy")
    func roundTrip() throws {
        let text = #"""
            {"name": "Wires", "description": "Large ones", "priority": 7, "agentId": "agent-1", "conditions": {"action":
             {"in": ["bank.wire", "bank.transfer"]}, "scope.amount": {"greaterThan": 10.5, "lessThanOrEqual": 1000},
             "time.hour": {"zone": "Europe/Berlin", "lessThan": 17}, "context.urgent": {"exists": true}},
             "action": "require_approval", "scopeTemplate": {"max_amount": 1000, "allowed_currencies": ["EUR", "CHF"],
             "purpose_pattern": "^[A-Z]", "max_uses": 1, "note": {"a": [1, null]}}, "approvers": 2,
             "numberMatching": true, "isActive": false}
            """#
        let read = try policy(text)
        #expect(read.document.isSame(as: try json(text)))
        let again = try Policy(reading: read.document)
        #expect(again == read)
        #expect(again.document == read.document)
    }

    @Test("what is left out takes its usual value, and null is left out")
    func defaults() throws {
        let read = try policy(
            #"{"name": "n", "conditions": {}, "action": "deny", "agentId": null, "scopeTemplate": null, "priority": null}"#
        )
        #expect(read.priority == 0)
        #expect(read.agentId == nil)
        #expect(read.scopeTemplate == nil)
        #expect(read.isActive)
        #expect(!read.always && !read.matchAll && !read.trustContext)
        #expect(read.approval == .standard)
        #expect(read.version == 1 && read.id == nil)
        #expect(
            read.document
                == ["name": "n", "priority": 0, "conditions": [:], "action": "deny", "isActive": true])
    }

    @Test(
        "each fault has its own message, which names the field and what is allowed",
        arguments: [
            (#"{"name": ""}"#, "name must be a text of 1 to 255 characters"),
            (#"{"name": 5}"#, "name must be a text of 1 to 255 characters"),
            (#"{"name": "a\nb"}"#, "name must be one line of visible characters"),
            (#"{"name": "a\u202eb"}"#, "name must be one line of visible characters"),
            (#"{"action": "allow"}"#, "action must be one of auto_approve, require_approval, deny"),
            (#"{"priority": 1.5}"#, "priority must be a whole number from -1000000 to 1000000"),
            (#"{"priority": "9"}"#, "priority must be a whole number from -1000000 to 1000000"),
            (#"{"priority": 1000001}"#, "priority must be a whole number from -1000000 to 1000000"),
            (#"{"agentId": ""}"#, "agentId must be a text of 1 to 255 characters"),
            (#"{"conditions": []}"#, "conditions must be an object"),
            (#"{"conditions": null}"#, "conditions is missing; {} holds for every request"),
            (
                #"{"conditions": {"action": "file.read"}}"#,
                #"conditions.action must be an object of operators, such as {"equals": …}"#
            ),
            (#"{"conditions": {"resource": {"equals": 5}}}"#, "conditions.resource.equals must be a text"),
            (
                #"{"conditions": {"action": {"lessThan": 5}}}"#,
                "conditions.action.lessThan says nothing about action; there are equals, notEquals, startsWith, "
                    + "endsWith, contains, matches, in, notIn"
            ),
            (
                #"{"conditions": {"action": {"exists": true}}}"#,
                "conditions.action.exists says nothing about action; there are equals, notEquals, startsWith, "
                    + "endsWith, contains, matches, in, notIn"
            ),
            (#"{"conditions": {"scope.x": {"lessThan": "5"}}}"#, "conditions.scope.x.lessThan must be a number"),
            (
                #"{"conditions": {"scope.x": {"equals": ["a"]}}}"#,
                "conditions.scope.x.equals must be a text, a number, true or false"
            ),
            (
                #"{"conditions": {"scope.x": {"equals": null}}}"#,
                "conditions.scope.x.equals must be a text, a number, true or false"
            ),
            (#"{"conditions": {"scope.x": {"in": "a"}}}"#, "conditions.scope.x.in must be a list of 1 to 1000 values"),
            (
                #"{"conditions": {"scope.x": {"notIn": []}}}"#,
                "conditions.scope.x.notIn must be a list of 1 to 1000 values"
            ),
            (
                #"{"conditions": {"scope.x": {"in": [[1]]}}}"#,
                "conditions.scope.x.in must be a text, a number, true or false"
            ),
            (
                #"{"conditions": {"scope.x": {"startsWith": ""}}}"#,
                "conditions.scope.x.startsWith must be a text of 1 to 1000 characters"
            ),
            (#"{"conditions": {"scope.x": {"exists": "yes"}}}"#, "conditions.scope.x.exists must be true or false"),
            (
                #"{"conditions": {"scope.x": {"less_than": 1, "lessThan": 1}}}"#,
                "conditions.scope.x.lessThan stands here a second time"
            ),
            (#"{"always": 1}"#, "always must be true or false"),
            (#"{"always": true, "action": "require_approval"}"#, "always is for deny only"),
            (#"{"approvers": 3}"#, "approvers must be a whole number from 1 to 2"),
            (#"{"approvers": 2}"#, "approvers is for require_approval only"),
            (#"{"numberMatching": true}"#, "numberMatching is for require_approval only"),
            (#"{"scopeTemplate": []}"#, "scopeTemplate must be an object"),
            (#"{"scopeTemplate": {"max_amount": "5"}}"#, "scopeTemplate.max_amount must be a number"),
            (#"{"prority": 5}"#, "prority is not known here; did you mean priority?"),
            (#"{"scope_template": {}, "scopeTemplate": {}}"#, "scopeTemplate stands here a second time"),
        ])
    func messages(text: String, message: String) throws {
        #expect(try faults(text) == [message])
    }

    @Test("one answer names everything that is wrong, by field")
    func several() throws {
        let text = #"{"name": "", "conditions": {"scope.a": {"x": 1}, "scopes.b": {"equals": 1}}, "action": "no"}"#
        let document = try json(text)
        do throws(PolicyError) {
            _ = try Policy(reading: document)
            Issue.record("was accepted")
        } catch {
            #expect(error == PolicyError(.invalidPolicy, []))
            #expect(
                error.details.keys.sorted() == ["action", "conditions.scope.a.x", "conditions.scopes.b", "name"])
        }
    }

    @Test("no field is too long and no list too large to be evaluated fast")
    func limits() throws {
        func text(_ count: Int) -> String { String(repeating: "a", count: count) }
        #expect(try faults(#"{"name": "\#(text(255))"}"#).isEmpty)
        #expect(try faults(#"{"name": "\#(text(256))"}"#).count == 1)
        #expect(try faults(#"{"description": "\#(text(1_001))"}"#).count == 1)
        #expect(try faults(#"{"conditions": {"scope.x": {"equals": "\#(text(1_001))"}}}"#).count == 1)
        let many = (0..<51).map { #""scope.x\#($0)": {"equals": 1}"# }.joined(separator: ",")
        #expect(try faults("{\"conditions\": {\(many)}}") == ["conditions must be at most 50"])
        let values = (0..<1_001).map(String.init).joined(separator: ",")
        #expect(try faults(#"{"conditions": {"scope.x": {"in": [\#(values)]}}}"#).count == 1)
        let path = "scope" + String(repeating: ".a", count: 16)
        #expect(try faults(#"{"conditions": {"\#(path)": {"equals": 1}}}"#).count == 1)
    }

    @Test("what is no object is no policy")
    func noObject() {
        for value: JSONValue in [.null, "text", 5, []] {
            #expect(throws: PolicyError(.invalidPolicy, [])) { try Policy(reading: value) }
        }
    }

    @Test("a set of documents is read as a whole or not at all, and each fault names policy and place")
    func sets() throws {
        let good = try json(#"{"name": "good", "conditions": {"action": {"equals": "a.b"}}, "action": "deny"}"#)
        let bad = try json(#"{"name": "bad", "conditions": {"action": {"is": "a.b"}}, "action": "deny"}"#)
        let all = try json(#"{"name": "all", "priority": 1, "conditions": {}, "action": "deny"}"#)
        #expect(try PolicySet.policies(reading: [good]).map(\.name) == ["good"])
        do throws(PolicyError) {
            _ = try PolicySet.policies(reading: [good, bad, good, 5])
            Issue.record("was accepted")
        } catch {
            #expect(
                error.faults.map(\.field) == ["policies[1].conditions.action.is", "policies[2].name", "policies[3]"])
            #expect(error.faults.map(\.policy) == ["bad", "good", nil])
        }
        #expect(throws: PolicyError(.unreachablePolicy, [])) { try PolicySet.policies(reading: [good, all]) }
    }
}
