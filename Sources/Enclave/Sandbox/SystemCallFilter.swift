import CSeccomp
import Glibc

/// The seccomp allow-list (seccomp(2), through libseccomp): what is not on it answers `EPERM`, for every thread.
///
/// No call on it opens a file, makes a socket, starts a program or touches another process. A running enclave lives on
/// the descriptors that it has and those that the host sends it.
struct SystemCallFilter {
    private static let allow = UInt32(0x7fff_0000)
    private static func refuse(_ status: Int32) -> UInt32 { 0x0005_0000 | UInt32(status) }

    /// Allowed with any arguments.
    private static let allowed = [
        // The descriptors that are there.
        "read", "readv", "write", "writev", "close", "recvfrom", "recvmsg", "sendto", "sendmsg", "shutdown",
        "getsockopt", "setsockopt", "getsockname", "getpeername", "fsync", "fdatasync",
        // Waiting.
        "poll", "ppoll", "select", "pselect6", "futex", "nanosleep", "clock_nanosleep", "restart_syscall",
        // Memory. Executable pages are refused below.
        "munmap", "mremap", "madvise", "brk",
        // Time and chance.
        "clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom",
        // Threads and signals of this process.
        "exit", "exit_group", "getpid", "gettid", "sched_yield", "sched_getaffinity", "set_robust_list", "rseq",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
    ]

    /// `fcntl` may look at a descriptor and make it blocking or not.
    private static let descriptorCommands = [F_GETFD, F_SETFD, F_GETFL, F_SETFL]

    /// Closes the filter over all threads, those that exist and those to come. There is no way back.
    /// - Parameters:
    ///   - anchor: the one descriptor that may be written at any place: the log's anchor.
    ///   - door: the one socket at which connections may be accepted.
    /// - Returns: false if the kernel or the architecture has no seccomp; nothing is filtered then.
    static func close(anchor: Int32?, door: Int32?) -> Bool {
        guard let filter = seccomp_init(refuse(EPERM)) else { return false }
        defer { seccomp_release(filter) }
        return addRules(to: filter, anchor: anchor, door: door)
            && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0
            && seccomp_load(filter) == 0
    }

    private static func addRules(to filter: scmp_filter_ctx, anchor: Int32?, door: Int32?) -> Bool {
        var rules = allowed.map { Rule($0) }
        rules += descriptorCommands.map { Rule("fcntl", where: .equal(1, UInt64($0))) }
        // Memory that can be written must never be executed, and new code must not come in at all.
        rules += ["mmap", "mprotect"].map { Rule($0, where: .without(2, UInt64(PROT_EXEC))) }
        // A new thread of this process, not a new process (clone(2): flags are the first argument on our machines).
        rules.append(Rule("clone", where: .with(0, threadFlag)))
        rules.append(Rule("prctl", where: .equal(0, setNameOption)))
        // The two slots of the anchor are written in turn; its position is never moved, its length only grows.
        if let anchor { rules.append(Rule("pwrite64", where: .equal(0, UInt64(anchor)))) }
        // Who comes while a host is served is turned away, not left waiting.
        if let door { rules.append(Rule("accept", where: .equal(0, UInt64(door)))) }
        // The flags of clone3 are in memory, where a filter cannot look. The C library falls back to clone.
        rules.append(Rule("clone3", action: refuse(ENOSYS)))
        // libcurl calls this on a socket that the host has connected already, and takes EINPROGRESS for an answer.
        rules.append(Rule("connect", action: refuse(EINPROGRESS)))
        return rules.allSatisfy { $0.add(to: filter) }
    }

    private static let threadFlag: UInt64 = 0x0001_0000
    private static let setNameOption: UInt64 = 15
}

extension SystemCallFilter {
    /// One line of the list.
    private struct Rule {
        let name: String
        let condition: Condition?
        let action: UInt32

        init(_ name: String, where condition: Condition? = nil, action: UInt32 = SystemCallFilter.allow) {
            self.name = name
            self.condition = condition
            self.action = action
        }

        func add(to filter: scmp_filter_ctx) -> Bool {
            let call = seccomp_syscall_resolve_name(name)
            // Not every machine has every call; what does not exist need not be allowed.
            if call < 0 { return true }
            var comparison = condition?.comparison ?? scmp_arg_cmp()
            return seccomp_rule_add_array(filter, action, call, condition == nil ? 0 : 1, &comparison) == 0
        }
    }

    /// What an argument, counted from 0, must be.
    private enum Condition {
        case equal(UInt32, UInt64)
        /// All of these bits are set.
        case with(UInt32, UInt64)
        /// None of these bits is set.
        case without(UInt32, UInt64)

        var comparison: scmp_arg_cmp {
            switch self {
            case .equal(let argument, let value):
                scmp_arg_cmp(arg: argument, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
            case .with(let argument, let bits):
                scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: bits, datum_b: bits)
            case .without(let argument, let bits):
                scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: bits, datum_b: 0)
            }
        }
    }
}
