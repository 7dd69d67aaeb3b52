import Glibc

extension LoadConnection {
    /// Waits for the answer to the request that was sent, and returns its body; nil where none comes within 10 s.
    mutating func answer() throws(BenchmarkError) -> String? {
        var scratch = [UInt8](repeating: 0, count: 65_536)
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&watched, 1, 10_000) > 0 {
            let error = scratch.withUnsafeMutableBytes { bytes -> BenchmarkError? in
                do throws(BenchmarkError) {
                    try receive(into: bytes)
                    return nil
                } catch { return error }
            }
            if let error { throw error }
            if let response = try reader.response() {
                return String(decoding: reader.buffer[response.body], as: UTF8.self)
            }
        }
        return nil
    }
}
