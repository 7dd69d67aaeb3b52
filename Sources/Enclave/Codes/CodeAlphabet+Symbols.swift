import EnclaveLink

extension CodeAlphabet {
    /// The characters of the alphabet in its own order, as ASCII.
    var symbols: [UInt8] {
        switch self {
        case .digits: Self.digitSymbols
        case .base32: Self.base32Symbols
        }
    }

    /// Random bytes below this are taken, the others drawn again: the largest multiple of the alphabet's size that
    /// fits into a byte, so that the remainder favours no symbol.
    var acceptedBytes: Int { 256 / symbols.count * symbols.count }

    private static let digitSymbols = Array("0123456789".utf8)
    private static let base32Symbols = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
