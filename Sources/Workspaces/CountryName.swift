import CPhoneNumber

/// The name of a country to whose numbers messages can go, such as `DE`.
enum CountryName {
    /// True for ISO 3166-1 alpha-2 in capitals, where the country has a numbering plan of its own.
    static func isKnown(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                countersign_phone_number_has_region($0.baseAddress, $0.count)
            }
        }
    }
}
