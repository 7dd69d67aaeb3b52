import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailDeadlineTests {
        /// What a deadline may be missed by on a busy machine.
        private let slack = Duration.milliseconds(800)

        @Test("a server that says nothing costs no more than the deadline")
        func silence() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            let start = ContinuousClock.now

            #expect(await courier.deliver(within: .milliseconds(700)) == .refused(.timedOut))
            #expect(.now - start < .milliseconds(700) + slack)
        }

        @Test("a message that was handed over and not answered may have arrived")
        func unanswered() async throws {
            let server = try MailServer(["--starttls", "--hang-after-data"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            let start = ContinuousClock.now

            let outcome = await courier.deliver(within: .seconds(1))
            #expect(outcome == .refused(.timedOut, status: 354, mayHaveArrived: true))
            #expect(.now - start < .seconds(1) + slack)
            _ = try await server.next("held")
        }

        @Test("a connection cut after the message was handed over is not tried again")
        func cutAfterData() async throws {
            let server = try MailServer(["--starttls", "--drop-after-data"])
            let host = try LoopbackHost()
            let courier = try Courier.example(try .example(port: server.port), host: host)

            let outcome = await courier.deliver()
            #expect(outcome == .refused(.unreachable, status: 354, mayHaveArrived: true))
            #expect(host.streams == 1)
        }

        @Test("nobody waits for a server's goodbye")
        func goodbye() async throws {
            let server = try MailServer(["--starttls", "--hang-at-quit", "--reject-recipient"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            let start = ContinuousClock.now

            for _ in 0..<3 { #expect(await courier.deliver() == .refused(.recipientRefused, status: 550)) }
            #expect(.now - start < .seconds(3))
            _ = try await server.next("closed")
        }

        @Test("time spent in the queue counts")
        func queueTime() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            let host = try LoopbackHost()
            let courier = try Courier.example(try .example(port: server.port), host: host)
            let start = ContinuousClock.now

            async let first = courier.deliver(within: .seconds(2))
            _ = try await server.next("connection")
            // The only worker is busy for longer than this message may wait.
            #expect(await courier.deliver(within: .milliseconds(300)) == .refused(.timedOut))
            #expect(.now - start < .seconds(2))
            #expect(await first == .refused(.timedOut))
            #expect(host.streams == 1)
        }

        @Test("a full queue answers busy at once, and everyone gets an answer")
        func fullQueue() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost(), queueCapacity: 4)
            async let first = courier.deliver(within: .seconds(1))
            _ = try await server.next("connection")

            let outcomes = await withTaskGroup(of: DeliveryOutcome.self) { group in
                for _ in 0..<10 { group.addTask { await courier.deliver(within: .seconds(1)) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .refused(.busy) } == 6)
            #expect(outcomes.count { $0 == .refused(.timedOut) } == 4)
            #expect(await first == .refused(.timedOut))
        }

        @Test("a mail server that hangs does not hold up the inbox")
        func separateLanes() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            async let stuck = courier.deliver(within: .seconds(1))
            _ = try await server.next("connection")

            let outcome = await courier.deliver(.example(to: "+4915112345678", channel: .sms))
            #expect(outcome == .accepted(provider: "inbox"))
            #expect(await stuck == .refused(.timedOut))
        }

        @Test("what still waits when delivery ends is answered")
        func ending() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            var courier: Courier? = try Courier.example(try .example(port: server.port), host: LoopbackHost())
            let outcomes = AsyncStream<DeliveryOutcome> { stream in
                for _ in 0..<2 {
                    courier?.deliver(.example(), deadline: .now + .seconds(1)) { outcome in
                        UnfilteredThread.run { stream.yield(outcome) }
                    }
                }
            }
            _ = try await server.next("connection")
            courier = nil

            var answers = outcomes.makeAsyncIterator()
            #expect(await answers.next() == .refused(.busy))
            #expect(await answers.next() == .refused(.timedOut))
        }
    }
}
