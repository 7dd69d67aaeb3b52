import Synchronization

/// Numbers that were looked up lately: a code is verified a moment after it was sent, and a look-up costs more than
/// anything else that verifying asks of the host. Holds valid numbers only, so that junk cannot push them out.
final class PhoneNumberCache: Sendable {
    static let shared = PhoneNumberCache(limit: 20_000)

    private let limit: Int
    private let known = Mutex<[String: PhoneNumber]>([:])

    init(limit: Int) { self.limit = limit }

    func number(_ text: String, otherwise inspect: (String) -> PhoneNumber?) -> PhoneNumber? {
        if let number = known.withLock({ $0[text] }) { return number }
        guard let number = inspect(text) else { return nil }
        known.withLock { known in
            if known.count >= limit { known.removeAll(keepingCapacity: true) }
            known[text] = number
        }
        return number
    }
}
