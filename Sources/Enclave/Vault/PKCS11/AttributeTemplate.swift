import CP11Kit
import EnclaveLink

/// A list of attributes as calls take it (PKCS #11 v2.40 §4.1).
struct AttributeTemplate {
    private var attributes: [(type: CK_ATTRIBUTE_TYPE, value: [UInt8])] = []

    func with(_ type: UInt, _ value: [UInt8]) -> Self {
        var copy = self
        copy.attributes.append((CK_ATTRIBUTE_TYPE(type), value))
        return copy
    }

    func with(_ type: UInt, _ number: CK_ULONG) -> Self { with(type, withUnsafeBytes(of: number) { Array($0) }) }

    func with(_ type: UInt, _ flag: Bool) -> Self { with(type, [flag ? 1 : 0]) }

    func with(_ type: UInt, _ text: String) -> Self { with(type, Array(text.utf8)) }

    /// Lends the list for one call.
    func lend<Value>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Value) -> Value {
        var values = attributes.flatMap(\.value)
        return values.withUnsafeMutableBytes { memory in
            var start = 0
            var list = attributes.map { attribute in
                defer { start += attribute.value.count }
                return CK_ATTRIBUTE(
                    type: attribute.type, pValue: memory.baseAddress.map { $0 + start },
                    ulValueLen: CK_ULONG(attribute.value.count))
            }
            let count = CK_ULONG(list.count)
            return list.withUnsafeMutableBufferPointer { body($0.baseAddress, count) }
        }
    }
}
