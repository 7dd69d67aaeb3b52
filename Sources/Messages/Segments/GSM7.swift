/// The default alphabet of short messages (3GPP TS 23.038 §6.2.1) and its extension table.
enum GSM7 {
    /// Septets that a character takes: one, two where it comes from the extension table; nil where the alphabet has none.
    static func septets(_ scalar: UnicodeScalar) -> Int? {
        if basic.contains(scalar) { return 1 }
        return `extension`.contains(scalar) ? 2 : nil
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
            + "¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let `extension` = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
