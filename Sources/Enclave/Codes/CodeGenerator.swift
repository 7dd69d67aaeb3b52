import EnclaveLink
import SealedPasscodes

/// Draws codes: each allowed code with the same probability.
///
/// Excluded are the codes that people try first: one symbol repeated (`444444`), and runs up or down the alphabet,
/// those that wrap around included (`123456`, `987654`, `890123`; for Base32 `XYZ012`). Because the wrapping runs are
/// excluded too, every symbol loses equally many codes at every position, and each position stays exactly uniform.
///
/// Entropy, with r symbols and n characters: log2(rⁿ − 3r) bits. Six digits have 999,970 codes, 19.93 bits (the
/// full million has the same to two places); seven 23.25, eight 26.58, nine 29.90. Six Base32 characters have 30.00
/// bits, nine 45.00.
struct CodeGenerator: Sendable {
    let randomness: any RandomSource

    /// - Throws: `requestRefused` for a length outside `CodeFormat.lengths`.
    func makeCode(_ format: CodeFormat) throws(EnclaveError) -> Passcode {
        guard CodeFormat.lengths.contains(format.length) else { throw EnclaveError(.requestRefused) }
        while true {
            var values = drawValues(format)
            defer { values.wipe() }
            if Self.isPredictable(values, radix: format.alphabet.symbols.count) { continue }
            return Passcode(characters: values.map { format.alphabet.symbols[Int($0)] })
        }
    }

    private func drawValues(_ format: CodeFormat) -> [UInt8] {
        let radix = UInt8(format.alphabet.symbols.count)
        var values: [UInt8] = []
        values.reserveCapacity(format.length)
        while values.count < format.length {
            for byte in randomness.bytes(16) where byte < format.alphabet.acceptedBytes && values.count < format.length
            {
                values.append(byte % radix)
            }
        }
        return values
    }

    /// True if every step from one symbol to the next is 0, +1 or −1, counted around the alphabet.
    static func isPredictable(_ values: [UInt8], radix: Int) -> Bool {
        func step(to position: Int) -> Int { (Int(values[position]) - Int(values[position - 1]) + radix) % radix }
        let first = step(to: 1)
        guard first == 0 || first == 1 || first == radix - 1 else { return false }
        return (2..<values.count).allSatisfy { step(to: $0) == first }
    }
}
