import CPhoneNumber
import Testing

@Suite struct PhoneNumberTests {
    private struct Found: Equatable {
        let parsed: Bool
        let valid: Bool
        let type: Int
        let region: String
        let countryCode: Int
        let e164: String
        static let nothing = Found(parsed: false, valid: false, type: 0, region: "", countryCode: 0, e164: "")
    }

    private func text<Tuple>(_ tuple: Tuple) -> String {
        withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func inspect(_ bytes: [UInt8]) -> Found {
        var result = countersign_phone_number()
        bytes.withUnsafeBytes {
            countersign_phone_number_inspect($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &result)
        }
        return Found(
            parsed: result.parsed, valid: result.valid, type: Int(result.type), region: text(result.region),
            countryCode: Int(result.country_code), e164: text(result.e164))
    }

    private func inspect(_ number: String) -> Found { inspect(Array(number.utf8)) }

    @Test("a number gets the region, the use and the calling code of its numbering plan")
    func kinds() {
        func check(_ number: String, _ type: Int, _ region: String, _ code: Int) {
            #expect(
                inspect(number)
                    == Found(parsed: true, valid: true, type: type, region: region, countryCode: code, e164: number))
        }
        check("+4915112345678", COUNTERSIGN_PHONE_NUMBER_MOBILE, "DE", 49)
        check("+442079460000", COUNTERSIGN_PHONE_NUMBER_FIXED_LINE, "GB", 44)
        check("+14155552671", COUNTERSIGN_PHONE_NUMBER_FIXED_LINE_OR_MOBILE, "US", 1)
        check("+19005551234", COUNTERSIGN_PHONE_NUMBER_PREMIUM_RATE, "US", 1)
        check("+77771234567", COUNTERSIGN_PHONE_NUMBER_MOBILE, "KZ", 7)
        check("+80012345678", COUNTERSIGN_PHONE_NUMBER_TOLL_FREE, "", 800)
        check("+39066982", COUNTERSIGN_PHONE_NUMBER_FIXED_LINE, "VA", 39)
        check("+919876543210", COUNTERSIGN_PHONE_NUMBER_MOBILE, "IN", 91)
    }

    @Test("a trunk prefix that was left in and the old Mexican form give the number that is dialled")
    func normalised() {
        #expect(inspect("+4407911123456").e164 == "+447911123456")
        #expect(inspect("+4407911123456").valid)
        #expect(inspect("+5215512345678") == inspect("+525512345678"))
    }

    @Test("a number that its plan does not assign is parsed but not valid")
    func unassigned() {
        for number in ["+49000000000", "+11234567890", "+4915112", "+390000000"] {
            let found = inspect(number)
            #expect(found.parsed)
            #expect(!found.valid)
            #expect(found.type == COUNTERSIGN_PHONE_NUMBER_UNKNOWN)
        }
    }

    @Test(
        "what is no strict E.164 number is nothing at all",
        arguments: [
            "", "+", "+0", "4915112345678", "+49 15112345678", "+4915112345678;ext=3", "tel:+4915112345678",
            "+49151123456781234", "+1-800-FLOWERS", "+４９15112345678", "+999123456789", "++4915112345678",
        ])
    func notStrict(number: String) {
        #expect(inspect(number) == .nothing)
    }

    @Test("a megabyte, a NUL inside, bytes that are no text and no text at all are nothing, without harm")
    func hostileBytes() {
        #expect(inspect([UInt8](repeating: UInt8(ascii: "1"), count: 1 << 20)) == .nothing)
        #expect(inspect(Array("+4915\0112345".utf8)) == .nothing)
        #expect(inspect([UInt8(ascii: "+"), 0xff, 0xfe, 0x80, 0x31]) == .nothing)
        var result = countersign_phone_number()
        result.valid = true
        countersign_phone_number_inspect(nil, 5, &result)
        #expect(!result.valid)
        countersign_phone_number_inspect("+49", 3, nil)
    }

    @Test("many tasks at once each get the answer for their own number")
    func parallel() async {
        await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<500).count { index in
                        let number = "+49151\(10_000_000 + task * 500 + index)"
                        return inspect(number).e164 == number && inspect("+525512345678").region == "MX"
                    }
                }
            }
            var correct = 0
            for await count in group { correct += count }
            #expect(correct == 4000)
        }
    }
}
