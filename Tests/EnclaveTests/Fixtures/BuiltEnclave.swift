import Enclave
import EnclaveLink
import Glibc
import Logging
import Testing

/// The enclave's program as it was built beside these tests, with a data directory of its own.
final class BuiltEnclave: Sendable {
    let dataDirectory: String

    init(masterKey: Bool = true) throws {
        var template = Array("/tmp/enclave-test.XXXXXX".utf8CString)
        dataDirectory = String(cString: try #require(mkdtemp(&template)))
        if masterKey { try EnclaveProgram(dataDirectory: dataDirectory).createMasterKey() }
    }

    deinit {
        for folder in ["inbox/tmp", "inbox/new", "inbox/cur", "inbox", "."] { Self.empty("\(dataDirectory)/\(folder)") }
        rmdir(dataDirectory)
    }

    /// The program beside these tests, or what starts it, as `scripts/sanitize.sh` says.
    static func executable() throws -> String {
        if let path = getenv("COUNTERSIGN_TEST_ENCLAVE") { return String(cString: path) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        try #require(length > 0)
        let own = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/countersign-enclave"
    }

    func supervisor(
        limits: CallLimits = CallLimits(), backoff: RestartBackoff = RestartBackoff(), executable: String? = nil
    ) throws -> EnclaveSupervisor {
        try EnclaveSupervisor(
            origin: .child(.serving(dataDirectory, executable: try executable ?? Self.executable())),
            descriptors: HostDescriptors(inboxDirectory: "\(dataDirectory)/inbox"), limits: limits, backoff: backoff,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs the program to its end.
    /// - Returns: its exit code and what it wrote.
    static func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var words: [UnsafeMutablePointer<CChar>?] = ([try executable()] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        try #require(posix_spawn(&process, try executable(), &actions, nil, &words, environ) == 0)
        close(ends[1])
        let output = OwnedDescriptor(ends[0])
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { buffer.deallocate() }
        while let part = output.receive(into: buffer) { bytes.append(contentsOf: part) }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return (status & 0x7f == 0 ? (status >> 8) & 0xff : -1, String(decoding: bytes, as: UTF8.self))
    }

    /// What a file of at most 64 KiB holds.
    static func text(_ path: String) throws -> String {
        let file = OwnedDescriptor(open(path, O_RDONLY))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        return String(decoding: try #require(file.receive(into: buffer)), as: UTF8.self)
    }

    /// The names in a folder of the data directory.
    func names(in folder: String) -> [String] { Self.names("\(dataDirectory)/\(folder)") }

    static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func empty(_ path: String) {
        for name in names(path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
