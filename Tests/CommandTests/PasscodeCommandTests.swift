import FoundationEssentials
import Testing

@testable import countersign

@Suite("countersign passcode")
struct PasscodeCommandTests {
    @Test("a code is verified by its contact or by its req_id, never by neither and never by both")
    func verify() throws {
        let command = ["passcode", "verify", "--code", "123456"]
        let byName = try #require(
            try Countersign.parseAsRoot(command + ["--req-id", "oe_1"]) as? PasscodeCommand.Verify)
        #expect(byName.reqID == "oe_1" && byName.to == nil)
        let byContact = try #require(
            try Countersign.parseAsRoot(command + ["--to", "ada@example.com"]) as? PasscodeCommand.Verify)
        #expect(byContact.reqID == nil && byContact.to == "ada@example.com")
        for names in [[], ["--req-id", "oe_1", "--to", "ada@example.com"]] {
            #expect(throws: (any Error).self) { try Countersign.parseAsRoot(command + names) }
        }
    }

    @Test("status and cancel are about one passcode", arguments: ["status", "cancel"])
    func identifier(_ name: String) {
        #expect(throws: Never.self) { try Countersign.parseAsRoot(["passcode", name, "oe_1", "--test"]) }
        #expect(throws: (any Error).self) { try Countersign.parseAsRoot(["passcode", name]) }
    }

    @Test("a report shows each message with its newest time, who brought it, and the provider's reason")
    func report() throws {
        let text = #"""
            {"attempts_remaining":4,"channel":"sms","created_at":"10","deliveries":[
            {"channel":"whatsapp","provider":"meta","reason":"recipient_refused","settled_at":"12","started_at":"11",
            "status":"failed"},{"channel":"sms","provider":"twilio","reported_at":"15","settled_at":"14","started_at":"13",
            "status":"delivered"}],"expires_at":"20","metadata":{"a":"b"},"req_id":"oe_1","status":"delivered"}
            """#
        let report = try JSONDecoder().decode(PasscodeReport.self, from: Data(text.utf8))
        #expect(
            report.messages == [
                ["12", "whatsapp", "meta", "failed: recipient_refused"], ["15", "sms", "twilio", "delivered"],
            ])
        #expect(report.rows.map(\.1) == ["oe_1", "delivered", "4", "10", "20"])
    }
}
