import AuditLog
import Testing

@Suite("A retention rule")
struct RetentionRuleTests {
    @Test("is read as it is written", arguments: ["forever", "soc2", "hipaa", "gdpr=1", "gdpr=90", "gdpr=3650"])
    func text(_ text: String) {
        #expect(RetentionRule(text)?.text == text)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "SOC2", "gdpr", "gdpr=", "gdpr=0", "gdpr=-1", "gdpr=+1", "gdpr=01", "gdpr=3651", "gdpr=1d", "pci=90",
            "gdpr:90", "gdpr=99999999999999999999",
        ])
    func refused(_ text: String) {
        #expect(RetentionRule(text) == nil)
    }
}
