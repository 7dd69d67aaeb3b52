import Encodings
import Workspaces

/// Identifiers of permissions, in the order of their making: `perm_`, the time in twelve digits, twenty random ones.
enum PermissionIdentifier {
    private static let prefix = "perm_"

    private static let digits = 32

    static func make(at now: Int64) -> String { first(at: now) + RandomIdentifier.hexadecimal(length: 20) }

    /// Whether a text has the form of one; says nothing of whether there is such a permission.
    static func isFormed(_ text: String) -> Bool {
        let characters = text.utf8
        return characters.starts(with: prefix.utf8) && characters.count == prefix.utf8.count + digits
            && characters.dropFirst(prefix.utf8.count).allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
    }

    /// What every identifier made at `now` (Unix milliseconds) or later sorts behind.
    static func first(at now: Int64) -> String {
        let time = UInt64(max(0, now))
        let bytes = stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> UInt64($0)) }
        return prefix + Hexadecimal.encode(bytes)
    }

    /// What every later identifier sorts behind: all are of one length.
    static func next(after id: String) -> String { id + "0" }

    /// What everything that is open at `now` sorts behind: it was made within the longest lifetime.
    static func oldestOpen(at now: Int64) -> String {
        first(at: now - Int64(PermissionWish.lifetimes.upperBound) * 1000)
    }
}
