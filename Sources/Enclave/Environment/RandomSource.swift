import Glibc

/// Gives random bytes; passed in, so that tests can repeat a draw.
public protocol RandomSource: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}

/// The kernel's generator (`getrandom(2)`).
public struct SystemRandomness: RandomSource {
    public init() {}

    public func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Up to 256 bytes come in one piece from one call (getentropy(3)).
        if count <= 256, getentropy(&bytes, count) == 0 { return bytes }
        var generator = SystemRandomNumberGenerator()
        for position in bytes.indices { bytes[position] = .random(in: .min ... .max, using: &generator) }
        return bytes
    }
}
