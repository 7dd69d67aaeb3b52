import CPhoneNumber
import Workspaces

extension PhoneNumber {
    /// What libphonenumber knows of a number; nil if no number of this form can be assigned.
    static func inspect(_ text: String) -> PhoneNumber? {
        var found = countersign_phone_number()
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                countersign_phone_number_inspect(characters.baseAddress, characters.count, &found)
            }
        }
        guard found.valid else { return nil }
        return PhoneNumber(
            e164: string(of: &found.e164), region: string(of: &found.region),
            kind: NumberKind(found.type))
    }

    private static func string<Tuple>(of characters: inout Tuple) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
