import EnclaveLink
import Fixtures
import Passcodes
import Storage
import Synchronization
import Testing
import Workspaces

/// A database that refuses to write from some moment on, as one whose host is killed there.
private final class FailingDatabase: Database {
    private let inner: any Database
    private let left: Mutex<Int>

    /// - Parameter writes: units of work that still commit.
    init(_ inner: any Database, writes: Int) {
        self.inner = inner
        left = Mutex(writes)
    }

    var hasOneOwner: Bool { inner.hasOneOwner }

    func write<Value: Sendable>(_ work: @escaping @Sendable (any Transaction) throws -> Value) async throws -> Value {
        let commits = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard commits else { throw StorageError(.unavailable, reason: "killed") }
        return try await inner.write(work)
    }

    func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value {
        try await inner.read(work)
    }

    func forgetDeleted() async throws { try await inner.forgetDeleted() }

    func close() async {}
}

@Suite("Between two commits")
struct LostCommitTests {
    /// The same installation over a database that takes `writes` more units of work.
    private static func challenges(_ installation: Installation, writes: Int) -> Challenges {
        Challenges(
            database: FailingDatabase(installation.database, writes: writes), audit: installation.audit,
            enclave: installation.enclave,
            signingKeys: installation.signingKeys, issuer: Installation.issuer, clock: installation.time.wall)
    }

    private static func request(
        _ dispatch: SealedDispatch, code: String, _ installation: Installation
    ) throws -> SealedAttemptRequest {
        SealedAttemptRequest(
            challenge: dispatch.identifier, flow: .turnkey,
            attempt: try SealedClient().seal(
                code, to: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
                now: installation.time.now.unixMilliseconds))
    }

    @Test("an attempt that could not be counted never reaches the enclave")
    func uncounted() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        let challenges = Self.challenges(installation, writes: 0)
        for _ in 0..<5 {
            await #expect(throws: PasscodeError.unavailable("")) {
                try await challenges.attemptSealed(
                    Self.request(dispatch, code: code, installation), for: installation.caller(workspace))
            }
        }
        #expect(try await installation.verifySealed(dispatch, code: code, workspace) == .verified)
    }

    @Test("a success that could not be written down gives no token, and no second try gives another")
    func unwrittenSuccess() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        await #expect(throws: PasscodeError.unavailable("")) {
            try await Self.challenges(installation, writes: 1).attemptSealed(
                Self.request(dispatch, code: code, installation), for: installation.caller(workspace))
        }
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.codeSpent, remaining: nil))
    }

    @Test("attempts that were counted and never answered are used up")
    func unanswered() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        let gone = StagedEnclave(installation.enclave) { _ throws(EnclaveError) in throw EnclaveError(.unavailable) }
        let challenges = installation.challenges(asking: gone)
        for _ in 0..<3 {
            await #expect(throws: PasscodeError.unavailable("")) {
                try await challenges.attemptSealed(
                    Self.request(dispatch, code: code, installation), for: installation.caller(workspace))
            }
        }
        #expect(
            try await installation.stored(dispatch, workspace)
                == StoredChallenge(state: "locked", size: 0, isDecoy: false))
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("a host that ended before its delivery was written down leaves a code that dies with its enclave")
    func unwrittenDelivery() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let application = try #require(ApplicationName("Test"))
        for position in 0..<3 {
            let request = SealedSendRequest(
                identifier: "challenge \(position)", flow: .turnkey, contact: try Contact(Installation.number),
                channel: nil, application: application, asker: .backEnd)
            await #expect(throws: PasscodeError.unavailable("")) {
                try await Self.challenges(installation, writes: 1).sendSealed(
                    request, for: installation.caller(workspace))
            }
        }
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await installation.sendSealed(workspace)
        }
        try await installation.restartEnclave()
        for _ in 0..<3 { try await installation.sendSealed(workspace) }
    }
}
