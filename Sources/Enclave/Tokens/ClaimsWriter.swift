import Encodings
import JOSE

/// Writes a JSON object of claims. Names are our own and need no escaping; values are escaped.
struct ClaimsWriter {
    /// How texts are spelled.
    enum Spelling {
        case shortest
        /// So that base64url of the object has neither `-` nor `_`.
        case plainBase64
    }

    private let spelling: Spelling
    private var bytes: [UInt8] = []

    init(_ spelling: Spelling = .shortest) {
        self.spelling = spelling
        bytes.reserveCapacity(512)
    }

    mutating func add(_ name: String, _ text: String) {
        start(name)
        switch spelling {
        case .shortest: JSONText.appendQuoted(text, to: &bytes)
        case .plainBase64: JSONText.appendQuotedForPlainBase64(text, to: &bytes)
        }
    }

    mutating func add(_ name: String, _ number: Int64) {
        start(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func add(_ name: String, _ flag: Bool) {
        start(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func add(_ name: String, _ texts: [String]) {
        start(name)
        bytes.append(UInt8(ascii: "["))
        for (position, text) in texts.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Adds a value that is JSON text already.
    mutating func add(_ name: String, json: String) {
        start(name)
        bytes.append(contentsOf: json.utf8)
    }

    consuming func finish() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func start(_ name: String) {
        bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
        JSONText.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
