import API
import Configuration
import Testing

@testable import countersign

@Suite("security_txt in countersign.yaml")
struct SecurityContactSettingsTests {
    private static func read(_ lines: String) throws -> SecurityContact {
        let text = "security_txt:\n" + lines.split(separator: "\n").map { "  \($0)\n" }.joined()
        let root = try ConfigurationFile(bytes: Array(text.utf8), name: "countersign.yaml").root
        let section = try #require(try root.section("security_txt"))
        let contact = try HostConfiguration.readSecurityContact(section)
        try root.finish()
        return contact
    }

    @Test("is read whole")
    func whole() throws {
        let contact = try Self.read(
            """
            contact: ["mailto:security@example.com", "tel:+1-201-555-0123", https://example.com/report]
            expires: 2030-01-31T00:00:00Z
            encryption: ["openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f"]
            acknowledgments: [https://example.com/thanks]
            preferred_languages: [en, de-AT]
            canonical: [https://login.example.com/.well-known/security.txt]
            policy: [https://example.com/policy]
            hiring: [https://example.com/jobs]
            """)
        #expect(contact.contacts.count == 3 && contact.expires == 1_896_048_000_000)
        #expect(contact.encryption.count == 1 && contact.acknowledgments.count == 1 && contact.hiring.count == 1)
        #expect(contact.preferredLanguages == ["en", "de-AT"])
        #expect(contact.canonical.count == 1 && contact.policy.count == 1)
    }

    @Test(
        "is refused where a line is missing, could begin another line, or is no address that the standard allows",
        arguments: [
            "expires: 2030-01-31T00:00:00Z", "contact: []\nexpires: 2030-01-31T00:00:00Z",
            #"contact: ["mailto:a@example.com"]"#,
            #"contact: ["security@example.com"]"# + "\nexpires: 2030-01-31T00:00:00Z",
            #"contact: ["http://example.com/"]"# + "\nexpires: 2030-01-31T00:00:00Z",
            #"contact: ["mailto:"]"# + "\nexpires: 2030-01-31T00:00:00Z",
            #"contact: ["mailto:a@example.com\nHiring: https://evil.example"]"# + "\nexpires: 2030-01-31T00:00:00Z",
            #"contact: ["mailto:a@example.com"]"# + "\nexpires: 2030-02-30T00:00:00Z",
            #"contact: ["mailto:a@example.com"]"# + "\nexpires: soon",
            #"contact: ["mailto:a@example.com"]"# + "\nexpires: 2030-01-31T00:00:00Z\npolicy: [http://example.com/]",
            #"contact: ["mailto:a@example.com"]"#
                + "\nexpires: 2030-01-31T00:00:00Z\npreferred_languages: [english please]",
            #"contact: ["mailto:a@example.com"]"# + "\nexpires: 2030-01-31T00:00:00Z\nsignature: no",
        ])
    func refused(_ lines: String) {
        #expect(throws: ConfigurationError.self) { try Self.read(lines) }
    }

    @Test("doctor tells of one that is missing, ends soon, has ended or lasts too long")
    func checkup() {
        let day: Int64 = 86_400_000
        func status(_ days: Int64?) -> CheckupFinding.Status {
            let contact = days.map {
                SecurityContact(contacts: ["mailto:a@example.com"], expires: 1000 * day + $0 * day)
            }
            return HostCheckup.securityContact(contact, now: 1000 * day).status
        }
        #expect(status(nil) == .warning && status(0) == .failed && status(-1) == .failed)
        #expect(status(29) == .warning && status(30) == .ok && status(366) == .ok && status(367) == .warning)
    }
}
