import EnclaveLink
import Messages
import Synchronization
import Testing

@testable import Enclave

extension DeliveryTests {
    /// Messages on their way to stand-ins that check requests as the providers' documentation has them.
    @Suite struct ProviderDeliveryTests {
        private func failure(_ outcome: DeliveryOutcome) throws -> DeliveryFailure {
            guard case .failed(let failure) = outcome else {
                throw Unexpected(outcome: outcome)
            }
            return failure
        }

        private struct Unexpected: Error { let outcome: DeliveryOutcome }

        private final class Ended: Sendable { let count = Mutex(0) }

        @Test(
            "each API takes the message, which has the code, and its name for it is told",
            arguments: ProviderExample.allCases)
        func accepted(_ example: ProviderExample) async throws {
            let server = try ProviderServer()
            let courier = try example.courier(to: server, host: LoopbackHost())
            let outcome = await courier.deliver(example.message)
            guard case .accepted(let provider, let name) = outcome else {
                Issue.record("\(outcome): \(try server.end())")
                return
            }
            let message = try await server.next("message")
            #expect(provider == example.rawValue && message.provider == example.rawValue)
            #expect(name == message.id)
            #expect(message.to == "+4915112345678")
            #expect(message.code == "402917" || message.text?.contains("402917") == true)
        }

        @Test("a provider whose messages have no text of ours gets none that has to show a transaction")
        func binding() async throws {
            let host = try LoopbackHost()
            let courier = try ProviderExample.whatsApp.courier(to: try ProviderServer(), host: host)
            var message = ProviderExample.whatsApp.message
            message.binding = [BindingMember(name: "amount", value: "12.00")]
            let failure = try failure(await courier.deliver(message))
            #expect(failure.reason == .messageRefused && !failure.mayHaveArrived && host.streams == 0)
        }

        @Test(
            "over one kept connection, and over a new one where the provider closed it",
            arguments: ProviderExample.allCases)
        func keptConnection(_ example: ProviderExample) async throws {
            let server = try ProviderServer(["--drop-after", "4"])
            let host = try LoopbackHost()
            let courier = try example.courier(to: server, host: host)
            for streams in 1...3 {
                for _ in 0..<4 {
                    let outcome = await courier.deliver(example.message)
                    guard case .accepted = outcome else { throw Unexpected(outcome: outcome) }
                }
                #expect(host.streams == streams)
                _ = try await server.next("dropped")
            }
        }

        @Test(
            "an answer that is cut, endless, empty, no JSON or no HTTP fails the message, which may have arrived",
            arguments: [
                ("cut", DeliveryFailure.Reason.unreachable), ("cut-chunked", .unreachable), ("huge", .answerMalformed),
                ("headers", .answerMalformed), ("not-json", .answerMalformed), ("empty", .answerMalformed),
                ("no-http", .protocolError), ("two-lengths", .protocolError), ("listed-lengths", .protocolError),
            ])
        func faults(_ fault: String, _ reason: DeliveryFailure.Reason) async throws {
            for example in [ProviderExample.twilioSMS, .vonage, .amazonSNS] {
                let server = try ProviderServer(["--fault", fault])
                let courier = try example.courier(to: server, host: LoopbackHost())
                let failure = try failure(await courier.deliver(example.message, within: .seconds(20)))
                #expect(failure.reason == reason && failure.mayHaveArrived, "\(example)")
            }
        }

        @Test(
            "a redirect is not followed, and the message was not taken", arguments: ["redirect-http", "redirect-https"])
        func redirects(_ fault: String) async throws {
            let server = try ProviderServer(["--fault", fault])
            let courier = try ProviderExample.whatsApp.courier(to: server, host: LoopbackHost())
            #expect(
                await courier.deliver(ProviderExample.whatsApp.message)
                    == .refused(.answerMalformed, status: 307, by: "whatsapp"))
            #expect(try server.end().filter { $0.event == "request" }.count == 1)
        }

        @Test("a provider that hangs or drips fails the message when its time is up", arguments: ["hang", "drip"])
        func slow(_ fault: String) async throws {
            let server = try ProviderServer(["--fault", fault])
            let courier = try ProviderExample.vonage.courier(to: server, host: LoopbackHost())
            #expect(
                await courier.deliver(ProviderExample.vonage.message, within: .milliseconds(700))
                    == .refused(.timedOut, mayHaveArrived: true, by: "vonage"))
        }

        @Test("a certificate for another name, or from another authority, gets nothing", arguments: [false, true])
        func certificate(_ isForAnotherName: Bool) async throws {
            let server = try ProviderServer(certificate: isForAnotherName ? .wrongName : .other)
            let courier = try ProviderExample.twilioSMS.courier(to: server, host: LoopbackHost())
            #expect(
                await courier.deliver(ProviderExample.twilioSMS.message)
                    == .refused(.certificateRefused, by: "twilio-sms"))
            #expect(try !server.end().contains { $0.event == "request" })
        }

        @Test("without a stream from the host nothing went out")
        func noStream() async throws {
            let server = try ProviderServer()
            for refusal in [DescriptorError.refused, .unreachable, .timedOut] {
                let courier = try ProviderExample.twilioSMS.courier(to: server, host: LoopbackHost(refusal: refusal))
                let failure = try failure(await courier.deliver(ProviderExample.twilioSMS.message))
                #expect(!failure.mayHaveArrived)
            }
        }

        @Test("a message whose connection ends without an answer is not sent again: the provider may have taken it")
        func once() async throws {
            let server = try ProviderServer()
            let host = try LoopbackHost()
            let courier = try ProviderExample.twilioSMS.courier(to: server, host: host)
            guard case .accepted = await courier.deliver(ProviderExample.twilioSMS.message) else {
                throw TestServer.Silence()
            }
            try await server.tell("fault vanish")
            let outcome = await courier.deliver(ProviderExample.twilioSMS.message)
            #expect(outcome == .refused(.unreachable, mayHaveArrived: true, by: "twilio-sms"))
            #expect(host.streams == 1)
            #expect(try server.end().filter { $0.event == "message" }.count == 1)
        }

        @Test("an answer that nobody asked for ends the connection: it is not taken for the next message's")
        func unasked() async throws {
            let server = try ProviderServer()
            let host = try LoopbackHost()
            let courier = try ProviderExample.twilioSMS.courier(to: server, host: host)
            try await server.tell("fault repeat")
            guard case .accepted(_, let first) = await courier.deliver(ProviderExample.twilioSMS.message) else {
                throw TestServer.Silence()
            }
            _ = try await server.next("repeated")
            try await server.tell("fault none")
            guard case .accepted(_, let second) = await courier.deliver(ProviderExample.twilioSMS.message) else {
                throw TestServer.Silence()
            }
            #expect(first != second && host.streams == 2)
        }

        @Test("a provider that hangs holds up no other: theirs are delivered while its own still wait")
        func lanes() async throws {
            let hanging = try ProviderServer(["--fault", "hang"])
            let fast = try ProviderServer()
            let folder = try SettingsFolder()
            try folder.write(
                String(decoding: try TestCertificates.shared.get().authority(), as: UTF8.self), to: "ca.pem")
            let entries = [
                ProviderExample.twilioSMS.entry(
                    at: "https://localhost:\(hanging.port)", more: ", ca_file: ca.pem, connections: 1"),
                ProviderExample.vonage.entry(at: "https://localhost:\(fast.port)", more: ", ca_file: ca.pem"),
            ]
            let text = "providers:\n" + entries.map { $0.replacing("providers:\n", with: "") }.joined()
            Courier.warmUp()
            let courier = try Courier(settings: folder.settings(text).delivery, descriptors: LoopbackHost())

            let ended = Ended()
            let waiting = (0..<4).map { _ in
                Task {
                    let outcome = await courier.deliver(ProviderExample.twilioSMS.message, within: .seconds(4))
                    ended.count.withLock { $0 += 1 }
                    return outcome
                }
            }
            _ = try await hanging.next("request")
            for _ in 0..<20 {
                let outcome = await courier.deliver(ProviderExample.vonage.message)
                guard case .accepted = outcome else { throw Unexpected(outcome: outcome) }
            }
            #expect(ended.count.withLock { $0 } == 0)
            for task in waiting { #expect(try failure(await task.value).reason == .timedOut) }
        }

        @Test(
            "messages go out from a thread that may neither open a file nor make a socket",
            arguments: ProviderExample.allCases)
        func filteredThread(_ example: ProviderExample) async throws {
            let server = try ProviderServer(["--drop-after", "1"])
            let closed = Atomic(0)
            // Runs on the delivering thread, before its first byte goes out.
            let host = try LoopbackHost(onOpen: { if FileAndSocketFilter.close() { closed.add(1, ordering: .relaxed) } }
            )
            let courier = try example.courier(to: server, host: host)
            guard case .accepted = await courier.deliver(example.message) else { throw TestServer.Silence() }
            #expect(closed.load(ordering: .relaxed) == 1)
        }
    }
}
