import CSeccomp
import Glibc

/// The answer that libcurl needs from `connect` on a stream which is connected already.
///
/// libcurl 7.88 calls `connect` even after it was told that the stream is connected, and takes the kernel's EISCONN for
/// a failure. EINPROGRESS makes it wait until the stream is writable, which it is, and go on. The enclave's sandbox
/// gives that answer; in a process without the sandbox a filter on the calling thread does.
enum ConnectAnswer {
    /// Makes `connect` answer EINPROGRESS on this thread from now on.
    ///
    /// - Returns: false if it does not and no filter could be set.
    @discardableResult
    static func ensure() -> Bool {
        isGiven || (install() && isGiven)
    }

    /// No descriptor has the number -1, so an unfiltered `connect` answers EBADF.
    private static var isGiven: Bool {
        var address = sockaddr()
        return connect(-1, &address, socklen_t(MemoryLayout<sockaddr>.size)) == -1 && errno == EINPROGRESS
    }

    private static func install() -> Bool {
        // SCMP_ACT_ALLOW and SCMP_ACT_ERRNO(EINPROGRESS), which are macros that Swift does not import.
        let allow: UInt32 = 0x7FFF_0000
        let inProgress: UInt32 = 0x0005_0000 | UInt32(EINPROGRESS)
        guard let filter = seccomp_init(allow) else { return false }
        defer { seccomp_release(filter) }
        let number = seccomp_syscall_resolve_name("connect")
        return number >= 0 && seccomp_rule_add_array(filter, inProgress, number, 0, nil) == 0
            && seccomp_load(filter) == 0
    }
}
