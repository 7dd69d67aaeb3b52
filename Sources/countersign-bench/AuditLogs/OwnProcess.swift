import Glibc

/// What this process uses.
enum OwnProcess {
    /// Seconds of processor time that all its threads have had.
    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Runs `work` and gives how many MiB were resident before it, and at most meanwhile.
    static func memory(during work: () async throws -> Void) async throws -> (before: Double, highest: Double) {
        // What is resident now is the highest value from here on (proc(5), clear_refs).
        guard let file = fopen("/proc/self/clear_refs", "w") else { throw BenchmarkError.system("clear_refs") }
        let isWritten = fputs("5\n", file) >= 0
        guard fclose(file) == 0, isWritten else { throw BenchmarkError.system("clear_refs") }
        let before = try highest()
        try await work()
        return (before / 1024, try highest() / 1024)
    }

    /// KiB that were resident at most.
    private static func highest() throws -> Double {
        guard let file = fopen("/proc/self/status", "r") else { throw BenchmarkError.system("status") }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if line.hasPrefix("VmHWM:"), let value = line.split(whereSeparator: \.isWhitespace).dropFirst().first {
                return Double(value) ?? 0
            }
        }
        throw BenchmarkError("the system does not say how much memory was used")
    }
}
