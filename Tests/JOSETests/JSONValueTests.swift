import JOSE
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test("values of every kind are read exactly")
    func everyKind() throws {
        let text = #" { "a" : [ true , false , null , -0 , 12 , 1.5e2 , "\u00e9\uD83D\uDE00\/" ] } "#
        #expect(
            try parse(text)
                == .object([
                    .init(
                        name: "a",
                        value: .array([
                            .boolean(true), .boolean(false), .null, .integer(0), .integer(12), .number(150),
                            .string("é😀/"),
                        ]))
                ]))
        #expect(try parse("9223372036854775807") == .integer(.max))
        #expect(try parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
    }

    @Test(
        "where reading is to be exact, a number that would be rounded is refused",
        arguments: [
            "100.00000000000000001", "0.10000000000000001", "9223372036854775808", "12345678901234567890", "1e-400",
            "-1e-99999999999999999999", "123456789.123456789123", "9007199254740993.0",
            "[{\"a\":1.00000000000000000001}]",
        ])
    func inexact(text: String) throws {
        _ = try parse(text)
        #expect(throws: JOSEError(.inexactNumber)) { try JSONValue(parsing: Array(text.utf8), isExact: true) }
    }

    @Test(
        "a number that a double keeps is read exactly, however it is spelled",
        arguments: [
            "0", "-0", "0.0", "-0.000", "0e99999999999999999999", "5", "5.0", "5e0", "50E-1", "0.05e+2", "1.50",
            "99.99",
            "0.1", "123.456", "1e21", "100000000000000000000", "1e300", "5e-324", "-2.5E-7", "9223372036854775807",
            "9007199254740992.0", "1234567890.1234567", "0.30000000000000004",
        ])
    func exact(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8), isExact: true) == parse(text))
    }

    @Test(
        "a member named twice is refused at every depth, however it is spelled",
        arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"c":1,"c":2}}]"#])
    func duplicates(text: String) {
        #expect(throws: JOSEError(.duplicateMember)) { try parse(text) }
    }

    @Test(
        "what RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "{", "}", "[1,]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "'a'", "01", "-", "+1",
            ".5",
            "1.", "1e", "1e999", "NaN", "Infinity", "tru", "nulll", "true false", #""\x41""#, #""\u12""#, #""\uD800""#,
            #""\uDC00""#, #""\uD800\u0041""#, #"""#, "\"\n\"", "\u{feff}1", "1//", "/**/1", "0x10",
        ])
    func grammar(text: String) {
        #expect(throws: JOSEError(.notJSON)) { try parse(text) }
    }

    @Test("invalid UTF-8 in a string is refused")
    func invalidUTF8() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]] {
            #expect(throws: JOSEError(.notJSON)) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        }
    }

    @Test("depth 16 is read, depth 17 and texts above 64 KiB are refused")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(16))
        #expect(throws: JOSEError(.tooLarge)) { try parse(nested(17)) }
        #expect(throws: JOSEError(.tooLarge)) { try parse(nested(30_000)) }
        let long = #""\#(String(repeating: "a", count: 65_536))""#
        #expect(throws: JOSEError(.tooLarge)) { try parse(long) }
        let wider = JSONValue.Limits(length: 70_000, depth: 17)
        _ = try JSONValue(parsing: Array(long.utf8), within: wider)
        _ = try JSONValue(parsing: Array(nested(17).utf8), within: wider)
        #expect(throws: JOSEError(.tooLarge)) { try JSONValue(parsing: Array(nested(18).utf8), within: wider) }
    }
}
