import JOSE
import Testing

@testable import Policies

/// The scope templates that come with Countersign.
@Suite struct ScopeTemplateTests {
    @Test(
        "each is a scope for a possible action, grants one use and is found by its name",
        arguments: ScopeTemplate.common)
    func each(template: ScopeTemplate) throws {
        #expect(ActionName.isValid(template.action))
        let scope = try Scope(template.value)
        #expect(scope["max_uses"] == .uses(1))
        #expect(scope.violation(in: [:]) != nil, "a use has to state what it is held to")
        #expect(ScopeTemplate.named(template.action)?.value == template.value)
    }

    @Test("a policy takes a template by its name and keeps what it says")
    func byName() throws {
        let read = try policy(#"{"action": "require_approval", "scopeTemplate": "gmail.send"}"#)
        #expect(read.scopeTemplate?.value == ScopeTemplate.named("gmail.send")?.value)
        #expect(read.document["scopeTemplate"]?["max_emails"] == 1)
    }

    @Test("an unknown name is refused with those that there are")
    func unknown() throws {
        let message = try faults(#"{"scopeTemplate": "gmail"}"#).first
        #expect(message?.hasPrefix("scopeTemplate must be an object, or the name of one of ours: api.call, ") == true)
    }
}
