import Crypto
import Encodings
import JOSE

/// What an entry knows of a person, sealed apart from the rest.
public struct PersonalPart: Equatable, Sendable {
    /// The socket's peer, with its port.
    public var address: String?
    public var contact: String?
    /// What the client called itself.
    public var userAgent: String?

    /// Nil where the entry has no contact and does not say where it came from.
    init?(_ entry: AuditEntry) {
        address = entry.origin.address.isEmpty ? nil : entry.origin.address
        userAgent = entry.origin.userAgent.isEmpty ? nil : entry.origin.userAgent
        contact = entry.subject?.contact
        guard address != nil || userAgent != nil || contact != nil else { return nil }
    }

    /// Reads what ``canonicalText(salt:)`` wrote; members that it does not know are left out.
    /// Throws `JOSEError`.
    init(canonicalText text: [UInt8]) throws {
        let members = try JSONValue(parsing: text)
        address = members["address"]?.text
        contact = members["contact"]?.text
        userAgent = members["user_agent"]?.text
    }

    /// The members that are there as canonical JSON (RFC 8785), the salt among them.
    func canonicalText(salt: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192)
        let members = [
            ("address", address), ("contact", contact), ("salt", Base64URL.encode(salt)),
            ("user_agent", userAgent),
        ]
        for case (let name, let value?) in members {
            text.append(UInt8(ascii: text.isEmpty ? "{" : ","))
            JSONText.appendQuoted(name, to: &text)
            text.append(UInt8(ascii: ":"))
            JSONText.appendQuoted(value, to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return text
    }

    /// What an entry says of its personal part: SHA-256 over the salt and the canonical text. The salt (16 random bytes)
    /// keeps those who know the log from trying addresses until one fits.
    static func commitment(to text: [UInt8], salt: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: text)
        return Array(hash.finalize())
    }
}

/// What is left to read of an entry's personal part.
public enum PersonalReading: Equatable, Sendable {
    /// The entry has none.
    case none
    case known(PersonalPart)
    /// The person's key was destroyed.
    case erased
    /// The key or the part does not open: one of the two is not what was stored.
    case unreadable

    /// The part, where it can be read.
    public var part: PersonalPart? {
        guard case .known(let part) = self else { return nil }
        return part
    }
}
