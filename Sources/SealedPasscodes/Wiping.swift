#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension UnsafeMutableRawBufferPointer {
    /// Overwrites the bytes with zeros, in a way that no optimiser leaves out.
    public func wipe() {
        guard let start = baseAddress else { return }
        #if canImport(Darwin)
            _ = memset_s(start, count, 0, count)
        #else
            explicit_bzero(start, count)
        #endif
    }
}

extension Array where Element == UInt8 {
    /// Overwrites the bytes with zeros. Copies that were made before are not reached.
    public mutating func wipe() { withUnsafeMutableBytes { $0.wipe() } }
}
