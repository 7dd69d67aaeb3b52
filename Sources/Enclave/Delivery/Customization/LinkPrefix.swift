import EnclaveLink

/// The beginning of every link that may carry a code, such as `https://app.example.com/verify?code=`.
struct LinkPrefix: Equatable, Sendable {
    let text: String

    /// Nil if it is no `https` address, or does not reach past the host: a prefix that ends in the middle of a name
    /// would allow other hosts.
    init?(_ text: String) {
        guard LinkPrefix.isAddress(text), !text.contains("%s"), !text.contains("..") else { return nil }
        guard text.dropFirst("https://".count).contains(where: { "/?#".contains($0) }) else { return nil }
        self.text = text
    }

    /// As ``HTTPSAddress``, or with a fragment, which browsers do not send to the server.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.allSatisfy { $0.utf8.allSatisfy(HTTPSAddress.isAllowed) } && HTTPSAddress(String(parts[0])) != nil
    }
}
