import CSeccomp
import Glibc
import Synchronization
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailSandboxTests {
        @Test(
            "mail goes out from a thread that may neither open a file nor make a socket, on new connections too",
            arguments: SMTPSettings.Encryption.allCases)
        func sandboxed(_ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(["--\(encryption.rawValue)", "--drop-after", "2"])
            let closed = Atomic(0)
            // Runs on the delivering thread, before its first byte goes out.
            let host = try LoopbackHost(onOpen: { if FileAndSocketFilter.close() { closed.add(1, ordering: .relaxed) } }
            )
            let settings = try SMTPSettings.example(port: server.port, encryption: encryption)
            let courier = try Courier.example(settings, host: host)

            for _ in 0..<6 { #expect(await courier.deliver() == .accepted(provider: "smtp")) }
            #expect(host.streams == 3)
            #expect(closed.load(ordering: .relaxed) == 3)
        }
    }
}

/// A filter that a thread cannot take off again.
private enum FileAndSocketFilter {
    /// - Returns: true if this thread can open neither a file nor a socket from now on.
    static func close() -> Bool {
        guard let filter = seccomp_init(0x7FFF_0000) else { return false }
        defer { seccomp_release(filter) }
        for name in [
            "open", "openat", "openat2", "creat", "socket", "socketpair", "pipe", "pipe2", "eventfd2", "execve",
        ] {
            let number = seccomp_syscall_resolve_name(name)
            guard seccomp_rule_add_array(filter, 0x0005_0000 | UInt32(EPERM), number, 0, nil) == 0 else { return false }
        }
        guard seccomp_load(filter) == 0 else { return false }
        return open("/dev/null", O_RDONLY) == -1 && socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) == -1
    }
}
