/// A number that a code was sent to, and the code that the answer to a test key shows.
struct SentCode {
    let number: String
    let code: String

    /// The same number with a code that is not the right one.
    func wrong(_ attempt: Int) -> SentCode {
        let wrong = "00000\(attempt)"
        return SentCode(number: number, code: wrong == code ? "999999" : wrong)
    }

    /// The value of `"code"` in an answer.
    static func code(in body: ArraySlice<UInt8>) -> String? {
        let marker = Array(#""code":""#.utf8)
        var start = body.startIndex
        while start + marker.count < body.endIndex {
            if body[start..<start + marker.count].elementsEqual(marker) {
                let value = body[(start + marker.count)...].prefix { $0 != UInt8(ascii: "\"") }
                return String(decoding: value, as: UTF8.self)
            }
            start += 1
        }
        return nil
    }
}

/// German mobile numbers, +49 151 and eight digits, all of which can exist; each is given out once.
struct FreshNumbers {
    private var next = 0

    mutating func take() -> String {
        defer { next += 1 }
        return "+49151\(String(100_000_000 + next % 100_000_000).dropFirst())"
    }

    mutating func take(_ count: Int) -> [String] { (0..<count).map { _ in take() } }
}
