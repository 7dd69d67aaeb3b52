import FoundationEssentials

/// Standard base64 with padding (RFC 4648 §4), of which signed notes are made.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The bytes that `text` stands for; nil unless it is exactly the text that ``encode(_:)`` writes for them, so that
    /// no signed line can be spelled twice.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        guard let data = Data(base64Encoded: text), data.base64EncodedString().utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return Array(data)
    }
}
