/// Gives random bytes; passed in, so that tests can repeat a draw.
public protocol RandomSource: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}

/// The kernel's generator, through `SystemRandomNumberGenerator` (`getrandom(2)`).
public struct SystemRandomness: RandomSource {
    public init() {}

    public func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var words: [UInt64] = []
        words.reserveCapacity((count + 7) / 8)
        for _ in 0..<((count + 7) / 8) { words.append(generator.next()) }
        return words.withUnsafeBytes { Array($0.prefix(count)) }
    }
}
