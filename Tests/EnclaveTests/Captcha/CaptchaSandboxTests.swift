import EnclaveLink
import Foundation
import Synchronization
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct CaptchaSandboxTests {
        @Test("captchas are verified from a thread that may neither open a file nor make a socket")
        func filteredThread() async throws {
            let server = try CaptchaServer(["--drop-after", "2"])
            let closed = Atomic(0)
            // Runs on the asking thread, before its first byte goes out.
            let host = try LoopbackHost(onOpen: { if FileAndSocketFilter.close() { closed.add(1, ordering: .relaxed) } }
            )
            let verifier = try CaptchaVerifier.example(.example(port: server.port), host: host)

            for number in 1...6 { #expect(await verifier.verify("solved-\(number)") == .passed) }
            #expect(host.streams == 3)
            #expect(closed.load(ordering: .relaxed) == 3)
        }

        @Test("the closed enclave verifies captchas, and opens streams to the configured provider alone")
        func closedEnclave() async throws {
            let built = try BuiltEnclave()
            let supervisor = try built.supervisor()
            let server = try CaptchaServer(["--drop-after", "2"])
            try Data(try TestCertificates.shared.get().authority())
                .write(to: URL(filePath: "\(built.dataDirectory)/ca.pem"))
            try Data("\(CaptchaServer.secret)\n".utf8).write(to: URL(filePath: "\(built.dataDirectory)/secret"))
            let settings = """
                captcha:
                  url: https://localhost:\(server.port)/turnstile/v0/siteverify
                  ca_file: ca.pem
                  workspaces:
                    ws_1: {secret_file: secret, hostnames: [app.example.com]}
                    ws_2: {secret: another}
                """
            try Data(settings.utf8).write(to: URL(filePath: "\(built.dataDirectory)/enclave.yaml"))
            try await supervisor.start { _, _ in }
            let greeting = try #require(supervisor.greeting)
            #expect(greeting.isolation.systemCallFilter)
            #expect(
                greeting.providers == [
                    ConfiguredProvider(purpose: .captcha, name: "siteverify", host: "localhost", port: server.port)
                ])
            #expect(greeting.unservedChannels == Channel.allCases)

            func verify(_ token: String, _ workspace: String = "ws_1") async throws -> CaptchaOutcome {
                try await supervisor.call(
                    VerifyCaptcha(
                        workspace: workspace, token: CaptchaToken(token), address: "203.0.113.7", deadline: 5000))
            }
            for number in 1...5 { #expect(try await verify("solved-\(number)") == .passed) }
            #expect(try await verify("solved-1") == .refused)
            #expect(try await verify("solved-6", "ws_2") == .unavailable)
            #expect(try await verify("solved-7", "ws_3") == .notConfigured)
            for deadline in [0, -1, 60_001, .max] {
                await #expect(throws: EnclaveError(.requestRefused)) {
                    try await supervisor.call(
                        VerifyCaptcha(
                            workspace: "ws_1", token: CaptchaToken("solved-8"), address: nil, deadline: deadline))
                }
            }
            await supervisor.stop()
        }
    }
}
