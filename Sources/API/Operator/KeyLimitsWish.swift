import Encodings
import HTTPServer
import Workspaces

/// What a body says of where a key is accepted and what it may do; `null` brings the usual back.
struct KeyLimitsWish: Sendable {
    static let fields = ["allowed_addresses", "abilities"]

    private struct Body: Decodable {
        var allowedAddresses: SettingValue?
        var abilities: SettingValue?

        enum CodingKeys: String, CodingKey {
            case allowedAddresses = "allowed_addresses"
            case abilities
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            // An explicit `null` is a wish, and none is none.
            func value(_ key: CodingKeys) throws -> SettingValue? {
                values.contains(key) ? try values.decode(SettingValue.self, forKey: key) : nil
            }
            allowedAddresses = try value(.allowedAddresses)
            abilities = try value(.abilities)
        }
    }

    private let addresses: AddressList?
    private let abilities: Set<KeyAbility>?

    init(_ request: Request) throws {
        let body = try request.decode(Body.self)
        addresses = try body.allowedAddresses.map(Self.addresses)
        abilities = try body.abilities.map(Self.abilities)
    }

    /// Of a fresh key.
    var limits: KeyLimits {
        var limits = KeyLimits()
        apply(to: &limits)
        return limits
    }

    func apply(to limits: inout KeyLimits) {
        if let addresses { limits.addresses = addresses }
        if let abilities { limits.abilities = abilities }
    }

    private static func addresses(_ value: SettingValue) throws(Problem) -> AddressList {
        if value == .null { return .everywhere }
        guard case .list(let texts) = value else { throw wrongAddresses(nil) }
        guard let list = AddressList(texts: texts) else { throw wrongAddresses(AddressList.fault(in: texts)) }
        return list
    }

    private static func wrongAddresses(_ fault: String?) -> Problem {
        .invalidField(
            "allowed_addresses",
            "must list addresses or networks such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
                + (fault.map { ": \($0)." } ?? "."))
    }

    private static func abilities(_ value: SettingValue) throws(Problem) -> Set<KeyAbility> {
        if value == .null { return .all }
        guard case .list(let names) = value else { throw unknownAbilities }
        let abilities = names.compactMap { KeyAbility(rawValue: $0) }
        guard abilities.count == names.count, Set(abilities).count == names.count, !names.isEmpty else {
            throw unknownAbilities
        }
        return Set(abilities)
    }

    private static var unknownAbilities: Problem {
        .invalidField("abilities", "must list one or more of send, verify and read, each once.")
    }
}
