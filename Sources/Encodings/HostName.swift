/// Names of hosts (RFC 1123 §2.1): labels of ASCII letters, digits and hyphens. Other scripts come as their A-labels
/// (RFC 5890).
public enum HostName {
    /// True for a name, and for an IPv4 address, which looks like one.
    public static func isValid(_ name: some StringProtocol) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
            }
    }

    /// True for a name that cannot be taken for an IPv4 address: its last label is no number (RFC 1123 §2.1).
    public static func isName(_ text: some StringProtocol) -> Bool {
        guard isValid(text), let last = text.split(separator: ".").last else { return false }
        return !last.utf8.allSatisfy(\.isDigit)
    }

    /// True for an IPv4 or IPv6 address, without brackets.
    public static func isAddress(_ text: String) -> Bool { IPAddress(text) != nil }
}
