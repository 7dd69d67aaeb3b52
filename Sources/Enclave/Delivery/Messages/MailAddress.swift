/// What this module accepts as a mailbox in an envelope and a header.
enum MailAddress {
    /// RFC 5321 §4.5.3.1.3: a path has at most 256 octets, its angle brackets included.
    static let longest = 254

    /// True for printable ASCII `local@domain` without the characters that end a path or a header. Addresses
    /// beyond ASCII (RFC 6531) are refused: converting them would make the C library open files, which the sandbox
    /// does not allow.
    static func isDeliverable(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        guard bytes.count <= longest, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        guard !bytes.contains(where: { forbidden.contains($0) }) else { return false }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
    }

    private static let forbidden = Set("<>()[],;:\\\"".utf8)
}
