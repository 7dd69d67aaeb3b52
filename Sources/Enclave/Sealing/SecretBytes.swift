import EnclaveLink
import SealedPasscodes

/// Secret bytes in one place, overwritten when the last reference to them goes.
///
/// Unchecked because the memory is a pointer: it is written in `init` and only read from then on.
final class SecretBytes: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Takes the bytes over and wipes the array that they came in.
    init(taking bytes: inout [UInt8]) {
        memory = .allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
        bytes.wipe()
    }

    deinit {
        memory.wipe()
        memory.deallocate()
    }

    var count: Int { memory.count }

    /// Whoever copies bytes out of the buffer wipes the copy.
    func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(UnsafeRawBufferPointer(memory))
    }
}

extension SecretBytes: Redacted {
    var description: String { "<secret bytes>" }
}
