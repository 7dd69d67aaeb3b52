import Encodings

/// The file `master.key` where a key in an HSM wraps it:
///
///     countersign wrapped master key 1
///     token the token's label
///     key the wrapping key's label
///     nonce 24 hexadecimal digits
///     bytes hexadecimal digits
///
/// AES-256-GCM over the text of the content; the first three lines are authenticated with it.
struct WrappedMasterKey: Equatable, Sendable {
    static let title = "countersign wrapped master key 1"

    let token: String
    let key: String
    let nonce: [UInt8]
    let bytes: [UInt8]

    /// What is authenticated and not encrypted.
    static func context(token: String, key: String) -> [UInt8] { Array("\(title)\ntoken \(token)\nkey \(key)\n".utf8) }

    init(token: String, key: String, nonce: [UInt8], bytes: [UInt8]) {
        self.token = token
        self.key = key
        self.nonce = nonce
        self.bytes = bytes
    }

    /// Nil for a file that is not wrapped.
    /// - Throws: `malformed`.
    init?(text: [UInt8]) throws(MasterKeyError.Code) {
        guard text.starts(with: "\(Self.title)\n".utf8) else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, lines[5].isEmpty, let token = Self.value("token", lines[1]),
            let key = Self.value("key", lines[2]),
            let nonce = Self.value("nonce", lines[3]).flatMap(Hexadecimal.decode),
            let bytes = Self.value("bytes", lines[4]).flatMap(Hexadecimal.decode)
        else { throw .malformed }
        self.init(token: token, key: key, nonce: nonce, bytes: bytes)
    }

    var text: [UInt8] {
        Self.context(token: token, key: key)
            + "nonce \(Hexadecimal.encode(nonce))\nbytes \(Hexadecimal.encode(bytes))\n".utf8
    }

    private static func value(_ name: String, _ line: Substring) -> String? {
        line.hasPrefix("\(name) ") ? String(line.dropFirst(name.utf8.count + 1)) : nil
    }
}
