/// The last line of a message that ties the code to a website: `@example.com #123456` (WICG, "Origin-bound one-time
/// codes delivered via SMS"; mail programs read it too).
struct OriginBoundCode {
    let line: String

    /// Nil if there is no domain, or if it is no host name: a line that does not parse would be worse than none.
    init?(domain: String?, code: DeliverableCode) {
        guard let domain, Self.isHostName(domain) else { return nil }
        line = "@\(domain) #\(code.value)"
    }

    private static func isHostName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isLabelByte($0) }
            }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
