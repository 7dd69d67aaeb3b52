import JOSE
import Testing

/// RFC 8785.
@Suite struct CanonicalJSONTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSONValue(parsing: Array(text.utf8)).canonicalText(), as: UTF8.self)
    }

    @Test(
        "numbers are written as Appendix B writes them",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbers(bits: UInt64, text: String) throws {
        let value = Double(bitPattern: bits)
        #expect(try JSONValue.number(value).canonicalText() == Array(text.utf8))
        #expect(JSONValue.number(value).description == text)
        #expect(Double(text) == value)
    }

    @Test("a number has one text, however it was written")
    func spellings() throws {
        #expect(try canonical("[1, 1.0, 10e-1, 100E-2]") == "[1,1,1,1]")
        #expect(try canonical("[4.50, 2e-3, 0.000000000000000000000000001, 1E30]") == "[4.5,0.002,1e-27,1e+30]")
    }

    @Test("a whole number that no double holds has no canonical text")
    func inexact() throws {
        #expect(try canonical("9007199254740992") == "9007199254740992")
        #expect(throws: JOSEError(.inexactNumber)) { try canonical("9007199254740993") }
        #expect(throws: JOSEError(.inexactNumber)) { try canonical("[{\"a\":-9223372036854775807}]") }
        #expect(throws: JOSEError(.inexactNumber)) { try JSONValue.number(.nan).canonicalText() }
        #expect(throws: JOSEError(.inexactNumber)) { try JSONValue.number(.infinity).canonicalText() }
    }

    @Test("a whole number whose shortest text is another's has no canonical text, however it is written")
    func rounded() throws {
        for text in ["1234562345667890141.0", "1234562345667890176", "-1234562345667890176", "1.234562345667890176e18"]
        {
            #expect(throws: JOSEError(.inexactNumber)) { try canonical(text) }
        }
        #expect(
            try canonical("[9007199254740994, 1e18, -0, 1e20]")
                == "[9007199254740994,1000000000000000000,0,100000000000000000000]")
    }

    @Test("the example of section 3.2.2 is written as section 3.2.4 says")
    func example() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try canonical(text) == expected)
    }

    @Test("members are in the order of their names' UTF-16 code units, as in section 3.2.3")
    func order() throws {
        let text = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let names = try #require(JSONValue(parsing: JSONValue(parsing: Array(text.utf8)).canonicalText()).members)
        #expect(
            names.map(\.value.text) == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("members are in order at every depth, elements stay where they are")
    func depth() throws {
        #expect(
            try canonical(#"{"b":[{"z":1,"a":{"y":2,"x":[3,1,2]}}],"a":{},"":[]}"#)
                == #"{"":[],"a":{},"b":[{"a":{"x":[3,1,2],"y":2},"z":1}]}"#)
    }

    @Test("canonical text is its own canonical text")
    func stable() throws {
        let text = try canonical(#"{"ö":[1.5,"\u007f\b\f\t"],"o":{"\"":-0.0}}"#)
        #expect(text == "{\"o\":{\"\\\"\":0},\"ö\":[1.5,\"\u{7f}\\b\\f\\t\"]}")
        #expect(try canonical(text) == text)
    }

    @Test("a value keeps its order and its whole numbers where canonical text is not asked for")
    func plainText() throws {
        let text = #"{"b":[9007199254740993,1.5,null],"a":"\n"}"#
        #expect(try JSONValue(parsing: Array(text.utf8)).description == text)
    }
}
