import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("What senders need")
struct SenderTests {
    private static func amount(_ text: String) throws -> PasscodeClaims {
        try PasscodeClaims(purpose: "payment", binding: .object([.init(name: "amount", value: .string(text))]))
    }

    private static func verify(
        _ installation: Installation, _ target: VerificationTarget, _ code: String, _ workspace: Workspace,
        _ claims: PasscodeClaims = PasscodeClaims(), mode: ChallengeMode = .live
    ) async throws -> JSONWebTokenClaims {
        let token = try await installation.challenges.verify(
            target, code: PresentedCode(code), claims: claims, for: installation.caller(workspace, mode))
        return try JSONWebTokenClaims(json: try Base64URL.decode(String(token.value.split(separator: ".")[1])))
    }

    @Test("a code verifies by its identifier as well as by its contact, once")
    func byIdentifier() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let sent = try await installation.send(workspace)
        let code = try #require(installation.mail.codes.last)
        let claims = try await Self.verify(installation, .passcode(sent.identifier), code, workspace)
        #expect(claims["phone"]?.text == Installation.number)
        await #expect(throws: PasscodeError.invalidCode(remaining: 0)) {
            try await Self.verify(installation, .passcode(sent.identifier), code, workspace)
        }
    }

    @Test("an identifier of another workspace, of test or of nobody is unknown, and counts nothing")
    func foreignIdentifier() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let other = try await installation.workspace()
        let sent = try await installation.send(workspace)
        let tested = try await installation.send(workspace, mode: .test)
        let code = try #require(installation.mail.codes.last)
        for (identifier, workspace) in [
            (sent.identifier, other), (tested.identifier, workspace), ("oe_000000000000", workspace), ("", workspace),
        ] {
            await #expect(throws: PasscodeError.challengeUnknown()) {
                try await Self.verify(installation, .passcode(identifier), code, workspace)
            }
        }
        _ = try await Self.verify(installation, .passcode(sent.identifier), code, workspace)
    }

    @Test("a code for one purpose is wrong for another, and another purpose gets another code but no more guesses")
    func purposes() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        let contact = VerificationTarget.contact(try Contact(Installation.number))
        let first = try await installation.send(workspace) {
            $0.claims = try PasscodeClaims(purpose: "login", binding: nil)
        }
        let login = try #require(installation.mail.codes.last)
        for _ in 0..<3 {
            await #expect(throws: PasscodeError.invalidCode(remaining: 0)) {
                try await Self.verify(installation, contact, login, workspace, try Self.amount("49.00"))
            }
        }
        let second = try await installation.send(workspace) { $0.claims = try Self.amount("49.00") }
        #expect(second.identifier != first.identifier)
        let payment = try #require(installation.mail.codes.last)
        // The code before it is dead, by whichever name.
        await #expect(throws: PasscodeError.codeExpired()) {
            try await Self.verify(installation, .passcode(first.identifier), login, workspace)
        }
        do {
            _ = try await Self.verify(installation, contact, payment, workspace, try Self.amount("50.00"))
            Issue.record("another amount passed")
        } catch let error as PasscodeError {
            #expect(error.code == .invalidCode && error.attemptsRemaining == 1)
        }
        let claims = try await Self.verify(installation, contact, payment, workspace, try Self.amount("49.00"))
        #expect(claims["purpose"]?.text == "payment" && claims["binding"]?["amount"]?.text == "49.00")
    }

    @Test("a send for the same again is a resend, whatever its metadata says")
    func resend() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        let metadata = try PasscodeMetadata(.object([.init(name: "order", value: 7)]))
        let first = try await installation.send(workspace) {
            $0.claims = try Self.amount("49.00")
            $0.metadata = metadata
        }
        let second = try await installation.send(workspace) { $0.claims = try Self.amount("49.00") }
        #expect(first.identifier == second.identifier)
        // What changes a challenge is fixed when it is made.
        #expect(first.metadata == metadata && second.metadata == metadata)
        let status = try await installation.challenges.status(
            of: first.identifier, for: installation.caller(workspace, .live))
        #expect(status.metadata == metadata)
        #expect(installation.changes.all.allSatisfy { $0.metadata == metadata })
    }

    @Test(
        "claims and metadata that are too long or no objects are refused",
        arguments: [
            .array([]), .string("x"), .null, 7, .object([.init(name: "a", value: .integer((1 << 60) + 1))]),
            .object([.init(name: "a", value: .string(String(repeating: "x", count: 1024)))]),
        ] as [JSONValue])
    func malformed(_ value: JSONValue) {
        #expect(throws: PasscodeError.self) { try PasscodeClaims(purpose: nil, binding: value) }
        #expect(throws: PasscodeError.self) { try PasscodeMetadata(value) }
    }

    @Test("where a number is what is refused, the words say which numbers there may be")
    func inexactNumber() {
        let value = JSONValue.object([.init(name: "order", value: .integer((1 << 53) + 1))])
        let binding = #expect(throws: PasscodeError.self) { try PasscodeClaims(purpose: nil, binding: value) }
        let metadata = #expect(throws: PasscodeError.self) { try PasscodeMetadata(value) }
        #expect(binding?.message.contains("numbers") == true && binding?.message.contains("2^53") == true)
        #expect(metadata?.message.contains("numbers") == true && metadata?.message.contains("2^53") == true)
    }

    @Test("a purpose is a short word", arguments: ["", "a b", "é", "a\n", String(repeating: "a", count: 65)])
    func malformedPurpose(_ purpose: String) {
        #expect(throws: PasscodeError.self) { try PasscodeClaims(purpose: purpose, binding: nil) }
    }

    @Test("the first answer says when the code may be sent again, and a replay is the same answer")
    func cooldown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 45 }
        let idempotency = Idempotency(key: [1], body: [2])
        #expect(try await installation.send(workspace, idempotency: idempotency).resendAfter == 45)
        installation.time.advance(seconds: 15)
        let replay = try await installation.send(workspace, idempotency: idempotency)
        #expect(replay.isReplay && replay.resendAfter == 45)
    }

    @Test("the workspace's own limits count the caller's names, each for itself, and give back what did not go out")
    func ownLimits() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.cooldownSeconds = 0
            $0.ownLimits = ["user=2/60", "device=3/60"]
        }
        func send(_ user: String) async throws {
            try await installation.send(workspace) { $0.limits = ["user": user, "device": "d"] }
        }
        try await send("u1")
        installation.mail.answer(
            .failed(
                DeliveryFailure(provider: "inbox", reason: .recipientRefused, providerStatus: 0, mayHaveArrived: false))
        )
        await #expect(throws: PasscodeError.self) { try await send("u1") }
        installation.mail.answer(.accepted(provider: "inbox"))
        try await send("u1")
        do {
            try await send("u1")
            Issue.record("the third passed")
        } catch let error as PasscodeError {
            #expect(error == .workspace(.rateLimited(by: "user", retryAfter: 0)) && error.retryAfter == 30)
        }
        try await send("u2")
        await #expect(throws: PasscodeError.self) { try await send("u3") }
        // Whoever names nobody is counted by the other limits alone.
        try await installation.send(workspace)
    }

    @Test("a limit that the workspace does not have must not pass for one")
    func unknownLimit() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.ownLimits = ["user=2/60"] }
        for limits in [["usr": "u1"], ["user": ""], ["user": String(repeating: "x", count: 257)]] {
            await #expect(throws: PasscodeError.claimRefused("limits", "")) {
                try await installation.send(workspace) { $0.limits = limits }
            }
        }
        #expect(installation.mail.codes.isEmpty)
    }

    @Test(
        "own limits are NAME=USES/SECONDS",
        arguments: [
            ["user"], ["user=5"], ["user=0/60"], ["user=5/0"], ["user=5/60/1"], ["User=5/60"], ["=5/60"],
            ["user=-1/60"],
            ["user=5/2592001"], ["user=1000001/60"], ["user=5/60", "user=6/60"],
            [String(repeating: "a", count: 33) + "=1/1"],
            (0...8).map { "u\($0)=1/1" },
        ])
    func malformedLimits(_ limits: [String]) {
        var settings = WorkspaceSettings()
        settings.ownLimits = limits
        #expect(throws: WorkspaceError.self) { try settings.check() }
    }
}
