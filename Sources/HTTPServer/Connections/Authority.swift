import Encodings

/// Host and port, as in the Host field (RFC 9110, section 7.2; RFC 3986, section 3.2).
enum Authority {
    /// Whether the text is `host` or `host:port`, with a name, an IPv4 address or a bracketed IPv6 address.
    ///
    /// User information is refused: it has no place in a request and serves to deceive (RFC 9110, section 4.2.4).
    static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = bytes[bytes.index(after: bytes.startIndex)..<end]
            return !address.isEmpty && address.allSatisfy(isAddressByte) && isPort(bytes[bytes.index(after: end)...])
        }
        let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let name = bytes[..<end]
        return !name.isEmpty && name.allSatisfy(isNameByte) && isPort(bytes[end...])
    }

    /// Whether the text is empty or a colon and at most five digits.
    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        guard let colon = text.first else { return true }
        return colon == UInt8(ascii: ":") && text.count <= 6 && text.dropFirst().allSatisfy(\.isDigit)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        Hexadecimal.value(of: byte) != nil || byte.isOne(of: ":.")
    }

    /// Unreserved characters, sub-delimiters and `%` (RFC 3986, section 3.2.2).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || byte.isOne(of: "-._~%!$&'()*+,;=")
    }
}
