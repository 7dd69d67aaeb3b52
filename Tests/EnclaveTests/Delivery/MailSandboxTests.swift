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
