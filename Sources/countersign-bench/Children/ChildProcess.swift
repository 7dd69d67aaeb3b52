import FoundationEssentials
import Glibc

/// A program that this one started. What it prints goes to a file, its errors and its log to another beside it.
struct ChildProcess {
    let identifier: pid_t

    /// Starts `program`, an absolute or relative path, or a name to look up in PATH. Without `output` nothing is kept.
    init(_ program: String, _ arguments: [String], output: String?) throws(BenchmarkError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, output.map { $0 + ".errors" } ?? "/dev/null", flags, 0o600)
        var attributes = Self.attributesWithoutBlockedSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var started: pid_t = 0
        let failure = posix_spawnp(&started, program, &actions, &attributes, &words, environ)
        guard failure == 0 else { throw BenchmarkError("cannot start \(program): errno \(failure)") }
        identifier = started
    }

    /// The threads that run Swift tasks block most signals, and a child would inherit that: `openssl speed` would
    /// wait for its alarm for ever.
    private static func attributesWithoutBlockedSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        return attributes
    }

    /// Whether it still runs.
    var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(identifier, &status, WNOHANG) == 0
    }

    /// Asks it to end and waits until it did.
    func end() {
        kill(identifier, SIGTERM)
        _ = wait()
    }

    /// Waits for its end. Returns whether it exited with 0.
    @discardableResult
    func wait() -> Bool {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 { guard errno == EINTR else { return false } }
        return status == 0
    }

    /// Resident memory in kibibytes, or nil where it does not run.
    var residentKibibytes: Int? {
        guard let text = TextFile.read("/proc/\(identifier)/status") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }

    /// Seconds of processor time that it and the processes that it started have used, 0 where it does not run.
    var processorSeconds: Double {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/task")) ?? []
        // Each thread has its own: the enclave is not started by the first one.
        let started = threads.flatMap { thread in
            (TextFile.read("/proc/\(identifier)/task/\(thread)/children") ?? "").split(separator: " ")
        }
        let all = [identifier] + started.compactMap { pid_t($0) }
        return all.reduce(0) { $0 + Self.processorSeconds(of: $1) }
    }

    /// The fields `utime` and `stime` of proc_pid_stat(5), which follow the name in parentheses.
    private static func processorSeconds(of process: pid_t) -> Double {
        let text = TextFile.read("/proc/\(process)/stat") ?? ""
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Runs a program to its end and returns what it printed.
    static func printed(
        _ program: String, _ arguments: [String], output: String
    ) throws(BenchmarkError) -> String {
        let child = try ChildProcess(program, arguments, output: output)
        let succeeded = child.wait()
        let text = TextFile.read(output) ?? ""
        guard succeeded else { throw BenchmarkError("\(program) \(arguments.joined(separator: " ")) failed") }
        return text
    }
}

/// Small text files.
enum TextFile {
    /// The whole text, or nil where the file cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a new file, or a file anew.
    static func write(_ text: String, to path: String) throws(BenchmarkError) {
        guard let file = fopen(path, "w") else { throw .system("fopen \(path)") }
        let written = text.utf8.withContiguousStorageIfAvailable { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == text.utf8.count else { throw .system("write \(path)") }
    }
}
