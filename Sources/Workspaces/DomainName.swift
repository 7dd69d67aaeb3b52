import Encodings

/// The name of a host in lower case, of two labels or more, the last of which is no number (RFC 1123 §2.1): an IPv4
/// address is no domain.
public enum DomainName {
    public static func isValid(_ text: Substring) -> Bool {
        HostName.isName(text) && text.contains(".") && !text.utf8.contains(where: \.isUppercaseLetter)
    }
}
