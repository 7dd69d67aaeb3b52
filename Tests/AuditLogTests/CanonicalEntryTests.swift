import Crypto
import JOSE
import Storage
import Testing

@testable import AuditLog

@Suite("An entry's canonical text")
struct CanonicalEntryTests {
    private static func entry(
        detail: String = "", commitment: [UInt8]? = nil, personal: [UInt8]? = nil
    ) throws -> RecordedEntry {
        let (none, bytes) = (SQLValue.null, SQLValue.bytes)
        return try RecordedEntry(
            Row(columns: [
                .integer(7), .integer(1), .integer(1_795_248_000_123), .text("key:key_1"), .text("challenge.created"),
                .text("ch_1"), .text("agt_1"), .text("done"), .text("req_1"), .text(detail),
                commitment.map(bytes) ?? none, personal.map(bytes) ?? none,
            ]), workspace: "ws_1")
    }

    @Test("is what the format's page says, to the byte")
    func literal() throws {
        let text = try String(decoding: Self.entry(detail: "live email").canonicalText, as: UTF8.self)
        #expect(
            text
                == #"{"action":"challenge.created","actor":"key:key_1","agent":"agt_1","detail":"live email","#
                + #""outcome":"done","personal":null,"record":"ch_1","request":"req_1","sealed":null,"sequence":7,"#
                + #""time":1795248000123,"version":1,"workspace":"ws_1"}"#)
    }

    @Test(
        "has the order and the escapes of RFC 8785",
        arguments: [
            "", "plain", "\"quoted\" \\ back", "\u{8}\t\n\u{c}\r", "\u{0}\u{1}\u{1f}\u{7f}", "€ ö é 😀 \u{fb33}",
            "</script>", "\u{2028}\u{2029}",
        ])
    func standard(detail: String) throws {
        let entry = try Self.entry(detail: detail, commitment: Array(0..<32), personal: Array(0..<60))
        let text = entry.canonicalText
        let value = try JSONValue(parsing: text)
        #expect(try value.canonicalText() == text)
        #expect(value["detail"]?.text == detail)
    }

    @Test("names the digests of the personal part and of its seal")
    func digests() throws {
        let value = try JSONValue(
            parsing: Self.entry(commitment: Array(0..<32), personal: Array("sealed".utf8)).canonicalText)
        #expect(value["personal"]?.text == Base64URL.encode(Array(UInt8(0)..<32)))
        #expect(value["sealed"]?.text == Base64URL.encode(Array(SHA256.hash(data: Array("sealed".utf8)))))
    }
}
