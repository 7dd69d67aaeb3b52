import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailConnectionTests {
        @Test("twenty messages go over one connection", arguments: SMTPSettings.Encryption.allCases)
        func reuse(_ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(["--\(encryption.rawValue)"])
            let host = try LoopbackHost()
            let settings = try SMTPSettings.example(port: server.port, encryption: encryption)
            let courier = try Courier.example(settings, host: host)

            for _ in 0..<20 { #expect(await courier.deliver() == .accepted(provider: "smtp")) }
            for _ in 0..<20 { #expect(try await server.nextMessage().connection == 1) }
            #expect(host.streams == 1)
        }

        @Test("as many connections as configured work at the same time, and no more")
        func parallel() async throws {
            let server = try MailServer(["--starttls"])
            let host = try LoopbackHost()
            let courier = try Courier.example(try .example(port: server.port, connections: 4), host: host)

            let accepted = await withTaskGroup(of: DeliveryOutcome.self) { group in
                for _ in 0..<40 { group.addTask { await courier.deliver() } }
                return await group.reduce(into: 0) { $0 += $1 == .accepted(provider: "smtp") ? 1 : 0 }
            }
            #expect(accepted == 40)
            #expect((2...4).contains(host.streams))
        }

        @Test(
            "a connection that the server closed while it was idle is replaced: every message arrives once",
            arguments: ["drop", "dismiss"], SMTPSettings.Encryption.allCases)
        func idle(_ farewell: String, _ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(["--\(encryption.rawValue)"])
            let host = try LoopbackHost()
            let settings = try SMTPSettings.example(port: server.port, encryption: encryption)
            let courier = try Courier.example(settings, host: host)

            for round in 1...5 {
                #expect(await courier.deliver() == .accepted(provider: "smtp"))
                #expect(try await server.nextMessage().connection == round)
                try await server.command(farewell)
            }
            #expect(host.streams == 5)
        }

        @Test("a server that takes one message for each connection gets every message once")
        func oneMessageEach() async throws {
            let server = try MailServer(["--starttls", "--drop-after", "1"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())

            for round in 1...20 {
                #expect(await courier.deliver() == .accepted(provider: "smtp"))
                #expect(try await server.nextMessage().connection == round)
            }
        }

        @Test("after a refusal the next message goes through")
        func afterRefusal() async throws {
            let server = try MailServer(["--starttls", "--reject-recipient"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            for _ in 0..<3 { #expect(await courier.deliver() == .refused(.recipientRefused, status: 550)) }
        }
    }
}
