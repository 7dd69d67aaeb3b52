import JOSE

/// A JSON number that compares by its value, whether it was read as 64-bit integer or as IEEE 754 double, without ever
/// rounding one to the other.
struct ExactNumber: Sendable, Comparable {
    /// Always `.integer` or a finite `.number`.
    let value: JSONValue

    /// The number, or nil where `value` is none.
    init?(_ value: JSONValue) {
        switch value {
        case .integer: self.value = value
        case .number(let number) where number.isFinite: self.value = value
        default: return nil
        }
    }

    /// The number, where it is whole and fits.
    var wholeNumber: Int? {
        switch value {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    static func == (one: Self, other: Self) -> Bool { one.order(to: other) == 0 }

    static func < (one: Self, other: Self) -> Bool { one.order(to: other) < 0 }

    /// Negative, zero or positive, as this number is below, equal to or above `other`.
    private func order(to other: Self) -> Int {
        switch (value, other.value) {
        case (.integer(let one), .integer(let other)): one < other ? -1 : one > other ? 1 : 0
        case (.number(let one), .number(let other)): one < other ? -1 : one > other ? 1 : 0
        case (.integer(let one), .number(let other)): Self.order(of: one, to: other)
        case (.number(let one), .integer(let other)): -Self.order(of: other, to: one)
        default: 0
        }
    }

    private static func order(of integer: Int64, to double: Double) -> Int {
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        // Without its fraction the double is an Int64 exactly.
        let whole = Int64(double)
        if integer != whole { return integer < whole ? -1 : 1 }
        let fraction = double - Double(whole)
        return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
    }
}
