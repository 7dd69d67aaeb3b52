import API
import Fixtures
import Testing

@Suite("/.well-known/security.txt")
struct SecurityContactTests {
    private static func contact(expires: Int64) -> SecurityContact {
        var contact = SecurityContact(
            contacts: ["mailto:security@example.com", "https://example.com/report"], expires: expires)
        contact.encryption = ["https://example.com/key.asc"]
        contact.preferredLanguages = ["en", "de"]
        contact.policy = ["https://example.com/policy"]
        return contact
    }

    @Test("has a line for each field, the contacts in their order")
    func served() async throws {
        let answer = try await TestServer(securityContact: Self.contact(expires: 4_102_444_800_000))
            .call(.GET, "/.well-known/security.txt")
        #expect(answer.status == 200 && answer.headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(
            answer.text == """
                Contact: mailto:security@example.com
                Contact: https://example.com/report
                Expires: 2100-01-01T00:00:00Z
                Encryption: https://example.com/key.asc
                Preferred-Languages: en, de
                Policy: https://example.com/policy

                """)
    }

    @Test("is not there where nothing is configured")
    func absent() async throws {
        let answer = try await TestServer().call(.GET, "/.well-known/security.txt")
        #expect(answer.status == 404 && answer.code == "not_found")
    }

    @Test("is not there any more from the moment on that it names as its end")
    func expired() async throws {
        let now = try await TestServer().installation.time.wall.now()
        for (end, status) in [(now + 1, 200), (now, 404)] {
            let server = try await TestServer(securityContact: Self.contact(expires: end))
            let answer = await server.call(.GET, "/.well-known/security.txt")
            #expect(answer.status == status)
            #expect(status == 200 || answer.text("detail")?.contains("has expired") == true)
        }
    }
}
