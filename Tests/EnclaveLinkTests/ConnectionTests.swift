import Glibc
import Testing
import Threads

@testable import EnclaveLink

/// A call whose time is over before anybody answers.
private struct Impatient: EnclaveRequest {
    typealias Reply = Loaded
    static let kind = RequestKind.forgetSigningKey
    var timeLimit: Int { 1 }
    init() {}
    init(from frame: inout FrameReader) throws(FrameError) {}
    func encode(into frame: inout FrameWriter) {}
}

@Suite("the host's end of the link", .timeLimit(.minutes(1)))
struct ConnectionTests {
    private static let forget = ForgetSigningKey(keyIdentifier: "kid")

    @Test("answers reach their callers in whatever order they come")
    func order() async throws {
        let enclave = try #require(FakeEnclave())
        let key = Task { try await enclave.connection.call(ForgetSigningKey(keyIdentifier: "kid")) }
        let first = try #require(await enclave.nextCall())
        let code = Task { try await enclave.connection.call(RevealTestCode(challenge: Samples.record)) }
        let second = try #require(await enclave.nextCall())
        let answers = try [
            Envelope.succeeded(second.identifier, TestCode("123456")), Envelope.succeeded(first.identifier, Loaded()),
        ]
        enclave.send(answers.flatMap { $0 })
        #expect(try await code.value == TestCode("123456"))
        #expect(try await key.value == Loaded())
    }

    @Test("the enclave's refusal is the caller's error", arguments: EnclaveError.Code.allCases)
    func refusal(code: EnclaveError.Code) async throws {
        let enclave = try #require(FakeEnclave())
        let reply = Task { try await enclave.connection.call(Self.forget) }
        let call = try #require(await enclave.nextCall())
        enclave.send(try Envelope.failed(call.identifier, EnclaveError(code)))
        await #expect(throws: EnclaveError(code)) { _ = try await reply.value }
    }

    @Test("when the enclave is gone every call under way fails, and every later one at once")
    func gone() async throws {
        let enclave = try #require(FakeEnclave())
        let one = Task { try await enclave.connection.call(Self.forget) }
        let other = Task { try await enclave.connection.call(Self.forget) }
        _ = await enclave.nextCall()
        _ = await enclave.nextCall()
        enclave.frames.shutDown()
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await one.value }
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await other.value }
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Self.forget) }
    }

    @Test("a call that is not answered in time fails, and its late answer is dropped")
    func late() async throws {
        let enclave = try #require(FakeEnclave())
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Impatient()) }
        let call = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(call.identifier, Loaded()))
        let reply = Task { try await enclave.connection.call(Self.forget) }
        var next = try #require(await enclave.nextCall())
        // After a call that was not answered the host asks whether anybody is there.
        if next.kind == .greet { next = try #require(await enclave.nextCall()) }
        enclave.send(try Envelope.succeeded(next.identifier, Loaded()))
        #expect(try await reply.value == Loaded())
    }

    @Test("an enclave that says nothing after a call was late is given up")
    func silent() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(silence: .milliseconds(200))))
        let patient = Task {
            try await enclave.connection.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        }
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Impatient()) }
        // Its own limit is 30 seconds; it fails because the connection is closed.
        let began = ContinuousClock.now
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await patient.value }
        #expect(.now - began < .seconds(15))
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Self.forget) }
    }

    @Test("an enclave that is late with one call but answers another is kept")
    func lateButThere() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(silence: .seconds(5))))
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Impatient()) }
        _ = await enclave.nextCall()
        let probe = try #require(await enclave.nextCall())
        #expect(probe.kind == .greet)
        enclave.send(try Envelope.succeeded(probe.identifier, Samples.greeting))
        // Longer than the silence that ends a connection. Its time can only pass.
        try await Task.sleep(for: .seconds(6))
        let reply = Task { try await enclave.connection.call(Self.forget) }
        let next = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(next.identifier, Loaded()))
        #expect(try await reply.value == Loaded())
    }

    @Test("an enclave that does not read fails calls in time, and is given up")
    func unread() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(sendTimeLimit: .seconds(1))))
        // More than the socket holds, so that the writer waits.
        let record = SealedRecord(
            workspace: "ws_1", record: "ch_1", sealed: [UInt8](repeating: 0, count: 60_000))
        let errors = await withTaskGroup(of: EnclaveError?.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do throws(EnclaveError) {
                        _ = try await enclave.connection.call(RevealTestCode(challenge: record))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0 == EnclaveError(.unavailable) })
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Self.forget) }
    }

    @Test("more calls than the limit are refused at once, and room comes back with the answers")
    func overload() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(calls: 1)))
        let reply = Task { try await enclave.connection.call(Self.forget) }
        let call = try #require(await enclave.nextCall())
        await #expect(throws: EnclaveError(.overloaded)) { _ = try await enclave.connection.call(Self.forget) }
        enclave.send(try Envelope.succeeded(call.identifier, Loaded()))
        #expect(try await reply.value == Loaded())
        let again = Task { try await enclave.connection.call(Self.forget) }
        let next = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(next.identifier, Loaded()))
        #expect(try await again.value == Loaded())
    }

    @Test("an enclave is quiet once it says nothing while calls wait, and no more with its first word")
    func quiet() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(calls: 1, quiet: .milliseconds(500))))
        #expect(!enclave.connection.isQuiet)
        let reply = Task { try await enclave.connection.call(Self.forget) }
        let call = try #require(await enclave.nextCall())
        // Its time can only pass.
        try await Task.sleep(for: .milliseconds(600))
        await #expect(throws: EnclaveError(.overloaded)) { _ = try await enclave.connection.call(Self.forget) }
        #expect(enclave.connection.isQuiet)
        enclave.send(try Envelope.succeeded(call.identifier, Loaded()))
        #expect(try await reply.value == Loaded())
        #expect(!enclave.connection.isQuiet)
    }

    @Test(
        "an enclave that nobody asked for long is not quiet when it is asked, nor is one that has just answered another"
    )
    func busy() async throws {
        let enclave = try #require(FakeEnclave(limits: CallLimits(calls: 2, quiet: .seconds(2))))
        // Longer than it may be quiet. Its time can only pass.
        try await Task.sleep(for: .milliseconds(2200))
        let slow = Task { try await enclave.connection.call(Self.forget) }
        let first = try #require(await enclave.nextCall())
        #expect(!enclave.connection.isQuiet)
        try await Task.sleep(for: .milliseconds(1200))
        let quick = Task { try await enclave.connection.call(Self.forget) }
        let second = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(second.identifier, Loaded()))
        _ = try await quick.value
        try await Task.sleep(for: .milliseconds(1200))
        #expect(!enclave.connection.isQuiet)
        enclave.send(try Envelope.succeeded(first.identifier, Loaded()))
        _ = try await slow.value
    }

    @Test(
        "bytes that are no frame end the conversation",
        arguments: [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 77]] as [[UInt8]])
    func notAFrame(bytes: [UInt8]) async throws {
        let enclave = try #require(FakeEnclave())
        let reply = Task { try await enclave.connection.call(Self.forget) }
        _ = await enclave.nextCall()
        enclave.send(bytes)
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await reply.value }
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await enclave.connection.call(Self.forget) }
    }

    @Test("an answer of another kind than the call expects fails that call alone")
    func otherReply() async throws {
        let enclave = try #require(FakeEnclave())
        let reply = Task { try await enclave.connection.call(Self.forget) }
        let call = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(call.identifier, TestCode("123456")))
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await reply.value }
        let again = Task { try await enclave.connection.call(Self.forget) }
        let next = try #require(await enclave.nextCall())
        enclave.send(try Envelope.succeeded(next.identifier, Loaded()))
        #expect(try await again.value == Loaded())
    }

    @Test("a thousand callers at the same time each get their own answer")
    func manyCallers() async throws {
        let enclave = try #require(FakeEnclave())
        let answering = DetachedThread.start("answers") {
            for _ in 0..<1000 {
                guard let call = enclave.awaitCall() else { return }
                let code = TestCode("\(call.identifier)")
                if let answer = try? Envelope.succeeded(call.identifier, code) { enclave.send(answer) }
            }
        }
        #expect(answering)
        let codes = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<1000 {
                group.addTask { try await enclave.connection.call(RevealTestCode(challenge: Samples.record)).value }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(codes.count == 1000)
    }
}
