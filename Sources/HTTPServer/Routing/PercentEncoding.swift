import Encodings

/// Percent-encoding (RFC 3986, section 2.1), the reading side.
enum PercentEncoding {
    /// The decoded text, or `nil` for a `%` without two hexadecimal digits, a NUL, or bytes that are no UTF-8.
    ///
    /// - Parameter plusIsSpace: reads `+` as a space, as HTML forms write it.
    static func decode(_ encoded: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        var remaining = encoded.makeIterator()
        while let byte = remaining.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = remaining.next().flatMap(Hexadecimal.value(of:)),
                    let low = remaining.next().flatMap(Hexadecimal.value(of:))
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        // A NUL ends a string early wherever C reads it.
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
