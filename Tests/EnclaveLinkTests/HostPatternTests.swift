import Testing

@testable import EnclaveLink

@Suite("patterns of hosts")
struct HostPatternTests {
    @Test(
        "a name means itself, a star all below it",
        arguments: [
            ("hooks.example.com", "hooks.example.com", true), ("Hooks.Example.com", "hooks.EXAMPLE.com", true),
            ("example.com", "hooks.example.com", false), ("*.example.com", "hooks.example.com", true),
            ("*.example.com", "a.b.example.com", true), ("*.example.com", "example.com", false),
            ("*.example.com", "evilexample.com", false), ("10.0.0.1", "10.0.0.1", true), ("::1", "::1", true),
            ("example.com", "example.com.evil.example", false),
        ] as [(String, String, Bool)])
    func matches(_ pattern: String, _ host: String, _ isMatch: Bool) throws {
        #expect(try #require(HostPattern(pattern)).matches(host) == isMatch)
    }

    @Test(
        "anything else is no pattern",
        arguments: ["", "*", "*.", "*example.com", "a.*.com", "https://a", "a/b", "*.::1", "a b", "ä.example", "."])
    func others(_ text: String) { #expect(HostPattern(text) == nil) }

    @Test("no list means every host, an empty one none, and a private host needs no second entry")
    func reach() throws {
        let inner = try #require(HostPattern("hooks.internal"))
        let outer = try #require(HostPattern("*.example.com"))
        #expect(WebhookReach().includes("anything.example"))
        #expect(!WebhookReach(hosts: []).includes("anything.example"))
        let reach = WebhookReach(hosts: [outer], privateHosts: [inner])
        #expect(reach.includes("a.example.com") && !reach.mayBePrivate("a.example.com"))
        #expect(reach.includes("hooks.internal") && reach.mayBePrivate("HOOKS.internal"))
        #expect(!reach.includes("example.org"))
    }
}
