import EnclaveLink

/// What is sealed of a key that is in an HSM: how to find it there, and its public half.
///
/// One byte 1, which no key in DER begins with, then the fields of a frame.
struct TokenKeyReference: Equatable, Sendable {
    static let identifierLength = 16
    private static let mark: UInt8 = 1

    let identifier: [UInt8]
    let numbers: RSAPublicNumbers

    init(identifier: [UInt8], numbers: RSAPublicNumbers) {
        self.identifier = identifier
        self.numbers = numbers
    }

    /// Nil for what is no reference.
    init?(content: [UInt8]) {
        var reader = FrameReader(content)
        guard (try? reader.read(UInt8.self)) == Self.mark, let identifier = try? reader.readBytes(),
            identifier.count == Self.identifierLength, let numbers = try? reader.read(RSAPublicNumbers.self),
            (try? reader.finish()) != nil
        else { return nil }
        self.init(identifier: identifier, numbers: numbers)
    }

    /// - Throws: `keyRefused` for a key that is too long.
    func content() throws(EnclaveError) -> [UInt8] {
        var writer = FrameWriter()
        writer.write(Self.mark)
        writer.write(identifier)
        writer.write(numbers)
        do { return try writer.finishBody() } catch { throw EnclaveError(.keyRefused) }
    }
}
