extension UInt64 {
    /// The number that ASCII digits spell, with or without leading zeros; nil for none, for anything else, and beyond
    /// 2^64 - 1.
    init?(decimal digits: some Collection<UInt8>) {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeSum) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !tooLarge, !tooLargeSum else { return nil }
            value = sum
        }
        self = value
    }

    /// The number that ASCII digits spell in the one way without leading zeros.
    init?(canonicalDecimal digits: some Collection<UInt8>) {
        guard let value = UInt64(decimal: digits), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            return nil
        }
        self = value
    }
}
