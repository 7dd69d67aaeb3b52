import EnclaveLink
import Encodings

/// The addresses that a caller may name as a mail's sender, or for replies.
struct AllowedAddresses: Equatable, Sendable {
    /// Domains and whole addresses, in lower case; nil allows every address.
    private let entries: Set<String>?

    /// Every address: for the inbox, which sends nothing.
    static let any = AllowedAddresses(entries: nil)

    static let none = AllowedAddresses(entries: [])

    private init(entries: Set<String>?) { self.entries = entries }

    /// Nil if an entry is neither a domain nor an address.
    init?(_ entries: [String]) {
        guard entries.allSatisfy({ HostName.isValid($0) || MailAddress.isDeliverable($0) }) else { return nil }
        self.init(entries: Set(entries.map { $0.lowercased() }))
    }

    /// - Parameter address: a deliverable one.
    func contain(_ address: String) -> Bool {
        guard let entries else { return true }
        let address = address.lowercased()
        return entries.contains(address)
            || address.split(separator: "@").last.map { entries.contains(String($0)) } == true
    }
}
