import Encodings
import EnclaveLink

/// The name of a host in lower case, of two labels or more, the last of which is no number (RFC 1123 §2.1): an IPv4
/// address is no domain.
public enum DomainName {
    public static func isValid(_ text: Substring) -> Bool {
        guard HostName.isValid(text), let last = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return !text.utf8.contains(where: \.isUppercaseLetter) && !text.utf8[last...].dropFirst().allSatisfy(\.isDigit)
    }
}
