import CLinux
import Glibc

/// The tries of the self-test. What they need is made before the sandbox closes.
struct SandboxProbe {
    private let target: pid_t
    private let socketFromBefore: Int32
    private let fileFromBefore: Int32
    /// Stands for the log's anchor, which alone may be written in the middle.
    let anchor: Int32

    init() {
        target = getppid()
        socketFromBefore = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        fileFromBefore = open("/dev/null", O_WRONLY)
        anchor = open("/dev/null", O_WRONLY)
    }

    func tryEverything() -> [SelfTest.Finding] {
        [
            finding("open a file", openFile),
            finding("make a socket", makeSocket),
            finding("connect a socket made before", connectSocket),
            finding("write into the middle of a file opened before", writeIntoFile),
            finding("start a process", startProcess),
            finding("attach a debugger", attachDebugger),
            finding("map executable memory", mapExecutableMemory),
            finding("make memory executable", makeMemoryExecutable),
            finding("read another process's memory", readOtherMemory),
            finding("send a signal to another process", signalOther),
        ]
    }

    /// - Parameter attempt: 0 if it was possible, else the `errno`.
    private func finding(_ name: String, _ attempt: () -> Int32) -> SelfTest.Finding {
        let status = attempt()
        return SelfTest.Finding(attempt: name, refusal: status == 0 ? nil : Self.name(of: status))
    }

    func openFile() -> Int32 {
        let descriptor = open("/etc/hostname", O_RDONLY)
        if descriptor < 0 { return errno }
        close(descriptor)
        return 0
    }

    func makeSocket() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if descriptor < 0 { return errno }
        close(descriptor)
        return 0
    }

    /// The filter pretends that the connection is being made (EINPROGRESS); what counts is that none comes about.
    private func connectSocket() -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socketFromBefore, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 ? 0 : errno
            }
        }
        // A refusal by the peer means that the call reached the network.
        return status == ECONNREFUSED ? 0 : status
    }

    func writeIntoFile() -> Int32 { pwrite(fileFromBefore, [0], 1, 0) == 1 ? 0 : errno }

    func startProcess() -> Int32 {
        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
        defer { free(words[0]) }
        let status = posix_spawn(&process, "/bin/true", nil, nil, &words, nil)
        if status == 0 { waitpid(process, nil, 0) }
        return status
    }

    private func attachDebugger() -> Int32 { clinux_trace(target) == 0 ? 0 : errno }

    func mapExecutableMemory() -> Int32 {
        let page = mmap(nil, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return page == MAP_FAILED ? errno : 0
    }

    func makeMemoryExecutable() -> Int32 {
        let page = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if page == MAP_FAILED { return errno }
        defer { munmap(page, 4096) }
        return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 ? 0 : errno
    }

    /// Nothing is mapped at address 0: a process that may read the other one is told so (EFAULT).
    private func readOtherMemory() -> Int32 {
        var byte: UInt8 = 0
        if clinux_read_memory(target, UnsafeRawPointer(bitPattern: 4096), &byte, 1) >= 0 { return 0 }
        return errno == EFAULT ? 0 : errno
    }

    func signalOther() -> Int32 { kill(target, 0) == 0 ? 0 : errno }

    private static func name(of status: Int32) -> String {
        switch status {
        case EPERM: "EPERM"
        case EACCES: "EACCES"
        case ENOSYS: "ENOSYS"
        case EINPROGRESS: "EINPROGRESS, never connected"
        case ENETUNREACH: "ENETUNREACH"
        default: "errno \(status)"
        }
    }
}
