/// Names one request on its answer (`X-Request-Id`) and in every log line about it: 128 random bits.
///
/// It is always made here. What a client sends in a field of the same name is not used, since it could
/// carry another request's identifier into the log.
public struct RequestIdentifier: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A fresh identifier from the system's random numbers.
    public init() {
        var system = SystemRandomNumberGenerator()
        self.init(high: system.next(), low: system.next())
    }

    /// The number of characters of `description`.
    static let textLength = 32

    /// Calls `body` with each ASCII character of `description`, without making a string.
    func forEachDigit(_ body: (UInt8) -> Void) {
        for word in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                body(Self.digit(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 0xF))
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension RequestIdentifier: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textLength) { text in
            var index = 0
            forEachDigit { digit in
                text[index] = digit
                index += 1
            }
            return index
        }
    }
}
