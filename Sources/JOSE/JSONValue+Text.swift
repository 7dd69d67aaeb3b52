import Encodings

extension JSONValue: CustomStringConvertible {
    /// The value as JSON text, members in their order, without white space.
    public var description: String { String(decoding: jsonText, as: UTF8.self) }

    /// The value as JSON text in UTF-8, members in their order, without white space.
    public var jsonText: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the value as JSON text in UTF-8, members in their order, without white space.
    public func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): bytes.append(contentsOf: NumberText(value).text.utf8)
        case .string(let text): JSONText.appendQuoted(text, to: &bytes)
        case .array(let elements):
            Self.append(elements, open: "[", close: "]", to: &bytes) { $0.append(to: &$1) }
        case .object(let members):
            Self.append(members, open: "{", close: "}", to: &bytes) { member, bytes in
                JSONText.appendQuoted(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
        }
    }

    private static func append<Element>(
        _ elements: [Element], open: Unicode.Scalar, close: Unicode.Scalar, to bytes: inout [UInt8],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }
}
