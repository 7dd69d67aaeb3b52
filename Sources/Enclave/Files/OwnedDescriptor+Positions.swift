import EnclaveLink
import Glibc

/// Reading and writing at a place of a file, wherever its own position is (pread(2), pwrite(2)).
extension OwnedDescriptor {
    /// - Returns: false if not everything could be written.
    func write(_ bytes: [UInt8], at offset: Int) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                let count = pwrite(number, rest.baseAddress, rest.count, off_t(offset + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    /// Has the disk take what was written, with all that is needed to read it again (fdatasync(2)).
    /// - Returns: false if it may not be there after a loss of power.
    func synchronize() -> Bool { fdatasync(number) == 0 }

    /// - Parameter limit: bytes, at most.
    /// - Returns: what is there, which may be nothing; nil if it cannot be read.
    func read(at offset: Int, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 65_536))
        while bytes.count < limit {
            let count = pread(number, &chunk, min(chunk.count, limit - bytes.count), off_t(offset + bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
