import CPhoneNumber
import Encodings
import Workspaces

/// A phone number that exists, as far as numbering plans tell (libphonenumber), in E.164 form.
public struct PhoneNumber: Equatable, Sendable {
    /// `+` and up to 15 digits.
    public let e164: String
    /// ISO 3166-1 alpha-2 such as `DE`; empty for numbers of no country.
    public let region: String
    public let kind: NumberKind
    /// Costs whoever calls or writes to it more than usual.
    public var isPremiumRate: Bool { kind == .premiumRate }
    /// NIST SP 800-63B does not count a VoIP number as proof of a device.
    public var isVoIP: Bool { kind == .voIP }

    /// A sandbox's number. It cannot exist, and nothing is ever sent to it.
    static let sandbox = PhoneNumber(e164: "+19999999999", region: "", kind: .unknown)

    /// Nil unless `text` is strict E.164 (no spaces, no brackets) and can exist.
    public init?(_ text: String) {
        // Nothing is remembered: a number that was looked up before would be answered sooner than one never seen.
        guard Self.isStrictE164(text), let found = Self.inspect(text) else { return nil }
        self = found
    }

    /// Reads the numbering plans now rather than with the first request.
    public static func warmUp() { countersign_phone_number_warm_up() }

    init(e164: String, region: String, kind: NumberKind) {
        self.e164 = e164
        self.region = region
        self.kind = kind
    }

    private static func isStrictE164(_ text: String) -> Bool {
        let characters = text.utf8
        guard characters.first == UInt8(ascii: "+"), (8...16).contains(characters.count) else { return false }
        let digits = characters.dropFirst()
        return digits.first != UInt8(ascii: "0")
            && digits.allSatisfy(\.isDigit)
    }
}
