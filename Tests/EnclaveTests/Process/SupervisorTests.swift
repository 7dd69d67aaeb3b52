import Enclave
import EnclaveLink
import Glibc
import Synchronization
import Testing

/// A host's way of preparing an enclave: one key, made at the first start, loaded at every other.
private final class KeptKey: Sendable {
    let kept = Mutex<CreatedSigningKey?>(nil)
    var identifier: String { kept.withLock { $0?.keyIdentifier ?? "" } }

    @Sendable func prepare(_ enclave: any EnclaveCalling, _ greeting: Greeting) async throws {
        if let key = kept.withLock({ $0 }) {
            _ = try await enclave.call(
                LoadSigningKey(purpose: .identityTest, keyIdentifier: key.keyIdentifier, sealed: key.sealed))
        } else {
            let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
            kept.withLock { $0 = key }
        }
    }
}

@Suite("the enclave's process", .timeLimit(.minutes(2)))
struct SupervisorTests {
    private static func make(_ challenge: String, limit: Int = 5, mode: ChallengeMode = .test) -> MakeChallenge {
        MakeChallenge(
            workspace: "ws_1", challenge: challenge, mode: mode,
            contact: ContactAddress(kind: .phone, value: "+919876543210"), channels: [.sms],
            format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: limit)
    }

    private static func attempt(_ made: MadeChallenge, _ challenge: String, _ code: String, _ key: KeptKey)
        -> AttemptChallenge
    {
        AttemptChallenge(
            challenge: SealedRecord(workspace: "ws_1", record: challenge, sealed: made.sealed),
            code: PresentedCode(code),
            token: IdentityTokenRequest(
                issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key.identifier, lifetime: 60))
    }

    /// Waits until a process other than `old` is up.
    private static func nextProcess(_ supervisor: EnclaveSupervisor, after old: Int32) async throws -> Int32 {
        while true {
            if let process = supervisor.processIdentifier, process != old { return process }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("it makes, compares and signs behind closed walls")
    func answers() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        let key = KeptKey()
        try await supervisor.start(prepare: key.prepare)
        let isolation = try #require(supervisor.greeting?.isolation)
        #expect(isolation.systemCallFilter && isolation.noNewPrivileges && isolation.notDumpable)
        let made = try await supervisor.call(Self.make("ch_1"))
        let code = try #require(made.testCode).value
        #expect(try await supervisor.call(Self.attempt(made, "ch_1", EnclaveUnderTest.wrong(code), key)) == .wrong)
        #expect(try await supervisor.call(Self.attempt(made, "ch_1", code, key)).token != nil)
        #expect(try await supervisor.call(Self.attempt(made, "ch_1", code, key)) == .spent)
        await supervisor.stop()
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await supervisor.call(Self.make("ch_2")) }
    }

    @Test("killed in the middle of calls it fails them as unavailable, comes back, and gives no further guess")
    func killed() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        let key = KeptKey()
        try await supervisor.start(prepare: key.prepare)
        let boot = supervisor.greeting?.boot
        let old = try #require(supervisor.processIdentifier)
        let made = try await supervisor.call(Self.make("ch_1", limit: 2))
        let code = try #require(made.testCode).value
        let wrong = Self.attempt(made, "ch_1", EnclaveUnderTest.wrong(code), key)
        #expect(try await supervisor.call(wrong) == .wrong)

        let outcomes = await withTaskGroup(of: Result<MadeChallenge, EnclaveError>.self) { group in
            for caller in 0..<64 {
                group.addTask {
                    do throws(EnclaveError) {
                        while true { _ = try await supervisor.call(Self.make("ch_\(caller)")) }
                    } catch {
                        return .failure(error)
                    }
                }
            }
            kill(old, SIGKILL)
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .failure(EnclaveError(.unavailable)) })

        _ = try await Self.nextProcess(supervisor, after: old)
        #expect(supervisor.greeting?.boot != boot)
        #expect(try await supervisor.call(wrong) == .madeBeforeBoot)
        #expect(try await supervisor.call(Self.attempt(made, "ch_1", code, key)) == .madeBeforeBoot)
        let fresh = try await supervisor.call(Self.make("ch_3"))
        let freshCode = try #require(fresh.testCode).value
        #expect(try await supervisor.call(Self.attempt(fresh, "ch_3", freshCode, key)).token != nil)
        await supervisor.stop()
    }

    @Test("one that hangs fails its calls within their limits and is replaced", arguments: [1, 64])
    func hangs(callers: Int) async throws {
        let built = try BuiltEnclave()
        let limits = CallLimits(sendTimeLimit: .milliseconds(500), silence: .milliseconds(500))
        let supervisor = try built.supervisor(limits: limits)
        try await supervisor.start { _, _ in }
        let old = try #require(supervisor.processIdentifier)
        kill(old, SIGSTOP)
        let began = ContinuousClock.now
        await withTaskGroup { group in
            for caller in 0..<callers {
                group.addTask {
                    await #expect(throws: EnclaveError(.unavailable)) {
                        _ = try await supervisor.call(Self.make("ch_\(caller)"))
                    }
                }
            }
        }
        // The limit of the call is 5 seconds; the rest is for a busy machine.
        #expect(.now - began < .seconds(10))
        _ = try await Self.nextProcess(supervisor, after: old)
        _ = try await supervisor.call(Self.make("ch_new"))
        #expect(kill(old, 0) == -1 && errno == ESRCH)
        await supervisor.stop()
    }

    @Test("nobody is answered by a new process before it is prepared")
    func preparation() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        let starts = Atomic<Int>(0)
        try await supervisor.start { enclave, greeting in
            #expect(supervisor.greeting == nil && enclave.greeting == greeting)
            await #expect(throws: EnclaveError(.unavailable)) { _ = try await supervisor.call(Self.make("ch_1")) }
            _ = try await enclave.call(Self.make("ch_1"))
            // The second process is refused by its host, the third is taken.
            if starts.wrappingAdd(1, ordering: .relaxed).newValue == 2 { throw EnclaveError(.keyRefused) }
        }
        let old = try #require(supervisor.processIdentifier)
        kill(old, SIGKILL)
        _ = try await Self.nextProcess(supervisor, after: old)
        #expect(starts.load(ordering: .relaxed) == 3)
        await supervisor.stop()
    }

    @Test("a live code reaches the inbox through a file that the host opened, and verifies")
    func inbox() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        let key = Mutex("")
        try await supervisor.start { enclave, _ in
            let created = try await enclave.call(CreateSigningKey(purpose: .identity, algorithm: .rs256With2048Bits))
            key.withLock { $0 = created.keyIdentifier }
        }
        let made = try await supervisor.call(Self.make("ch_1", mode: .live))
        #expect(made.testCode == nil)
        let record = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed)
        let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 10)
        let outcome = try await supervisor.call(
            DeliverChallenge(challenge: record, channel: .sms, provider: "inbox", wording: wording, deadline: 5000))
        #expect(outcome == .accepted(provider: "inbox"))
        #expect(built.names(in: "inbox/tmp").isEmpty)
        let name = try #require(built.names(in: "inbox/new").first)
        let message = try BuiltEnclave.text("\(built.dataDirectory)/inbox/new/\(name)")
        let code = try #require(message.firstMatch(of: /\b\d{6}\b/)).output
        let attempt = AttemptChallenge(
            challenge: record, code: PresentedCode(String(code)),
            token: IdentityTokenRequest(
                issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key.withLock { $0 }, lifetime: 60))
        #expect(try await supervisor.call(attempt).token != nil)
        await supervisor.stop()
    }

    @Test("before the first enclave is started the codes that a killed host left unpublished are removed")
    func leftovers() async throws {
        let built = try BuiltEnclave()
        for folder in ["inbox", "inbox/tmp"] { mkdir("\(built.dataDirectory)/\(folder)", 0o700) }
        close(open("\(built.dataDirectory)/inbox/tmp/1.M1P1Q1.host", O_WRONLY | O_CREAT, 0o600))
        let supervisor = try built.supervisor()
        try await supervisor.start { _, _ in #expect(built.names(in: "inbox/tmp").isEmpty) }
        await supervisor.stop()
    }

    @Test("calls beyond the limit are refused as overloaded, the others answered")
    func overload() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor(limits: CallLimits(calls: 2))
        try await supervisor.start { _, _ in }
        let results = await withTaskGroup(of: EnclaveError?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(EnclaveError) {
                        _ = try await supervisor.call(
                            CreateSigningKey(purpose: .identity, algorithm: .rs256With3072Bits))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter { $0 == nil }.count >= 2)
        #expect(results.contains(EnclaveError(.overloaded)))
        #expect(results.allSatisfy { $0 == nil || $0 == EnclaveError(.overloaded) })
        await supervisor.stop()
    }

    @Test("a process without its master key is not started again; its words reach the host")
    func refused() async throws {
        let built = try BuiltEnclave(masterKey: false)
        let supervisor = try built.supervisor()
        let error = await #expect(throws: EnclaveStartError(.refused, reason: "")) {
            try await supervisor.start { _, _ in }
        }
        #expect(error?.reason.contains("master.key: no master key") == true)
        #expect(supervisor.processIdentifier == nil && supervisor.greeting == nil)
        await supervisor.stop()
    }

    @Test("an enclave whose configuration breaks later is given up with its own words")
    func refusedLater() async throws {
        let built = try BuiltEnclave()
        let supervisor = try built.supervisor()
        try await supervisor.start { _, _ in }
        chmod("\(built.dataDirectory)/master.key", 0o644)
        kill(try #require(supervisor.processIdentifier), SIGKILL)
        while supervisor.refusal == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(supervisor.refusal?.reason.contains("chmod 600") == true)
        await #expect(throws: EnclaveError(.unavailable)) { _ = try await supervisor.call(Self.make("ch_1")) }
        await supervisor.stop()
    }

    @Test(
        "a program that is not there, or is no enclave, fails the start",
        arguments: ["/nonexistent", "/bin/true", "/bin/cat"])
    func notAnEnclave(executable: String) async throws {
        let supervisor = try BuiltEnclave().supervisor(executable: executable)
        let error = await #expect(throws: EnclaveStartError.self) { try await supervisor.start { _, _ in } }
        #expect(error?.code == (executable == "/nonexistent" ? .notStarted : .noGreeting))
        await supervisor.stop()
    }
}
