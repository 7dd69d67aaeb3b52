import API
import Glibc

/// What the system says of this process (proc(5)).
enum ProcessReading {
    /// Nil where `/proc` cannot be read.
    static func figures(startedAt: Double) -> ProcessFigures? {
        var usage = rusage()
        var limit = rlimit()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0,
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            let memory = number(inFile: "/proc/self/statm", field: 1), let descriptors = entries("/proc/self/fd"),
            let threads = entries("/proc/self/task")
        else {
            return nil
        }
        return ProcessFigures(
            residentMemory: memory * Int(sysconf(Int32(_SC_PAGESIZE))), openDescriptors: descriptors,
            descriptorLimit: Int(clamping: limit.rlim_cur), threads: threads,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), startedAt: startedAt)
    }

    /// Seconds since 1970, as near as the moment at which this is called first.
    static var startTime: Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// The entries of a folder, without the two of itself and, in `fd`, without the one that reads it.
    private static func entries(_ path: String) -> Int? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if withUnsafeBytes(of: entry.pointee.d_name, { $0.first != UInt8(ascii: ".") }) { count += 1 }
        }
        return path.hasSuffix("/fd") ? count - 1 : count
    }

    private static func number(inFile path: String, field: Int) -> Int? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        let fields = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ")
        return fields.indices.contains(field) ? Int(fields[field]) : nil
    }
}
