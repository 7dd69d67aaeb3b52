import JOSE

/// JSON as signed texts and policies need it.
///
/// Promises: a value is written as text that reads as the same value; its canonical text has one spelling.
enum JSONEntry {
    static func run(_ bytes: [UInt8]) throws {
        if let value = try? JSONValue(parsing: bytes) {
            let again = try JSONValue(parsing: value.jsonText).jsonText
            try promise(again == value.jsonText, "\(value) reads as another value")
            if let canonical = try? value.canonicalText() {
                let again = try JSONValue(parsing: canonical).canonicalText()
                try promise(again == canonical, "two canonical texts: \(canonical), \(again)")
            }
        }
        _ = try? JSONValue(parsing: bytes, isExact: true)
        _ = try? JSONWebTokenClaims(json: bytes)
        if let keys = try? JSONWebKeySet(json: bytes) {
            try promise(try JSONWebKeySet(json: Array(keys.json.utf8)) == keys, "a key set reads as another")
        }
        if let octets = try? Base64URL.decode(bytes[...]) {
            try promise(Base64URL.encode(octets).utf8.elementsEqual(bytes), "two spellings of \(octets)")
        }
    }
}
