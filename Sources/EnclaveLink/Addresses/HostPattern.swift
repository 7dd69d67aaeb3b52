import Encodings

/// A host by its name or address, or with `*.` in front every host below that name.
public struct HostPattern: Hashable, Sendable {
    /// In lower case.
    public let text: String

    /// Nil unless it is a name in ASCII or an address without brackets, with `*.` in front of a name at most.
    public init?(_ text: String) {
        let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        guard HostName.isValid(name) || (name == text && HostName.isAddress(name)) else { return nil }
        self.text = text.lowercased()
    }

    public func matches(_ host: String) -> Bool {
        let host = host.lowercased()
        return text.hasPrefix("*.") ? host.hasSuffix(text.dropFirst()) : host == text
    }
}
