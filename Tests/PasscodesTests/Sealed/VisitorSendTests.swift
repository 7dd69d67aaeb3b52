import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Codes for visitors")
struct VisitorSendTests {
    private static let network = "192.0.2.0/24"

    private static func ask(
        _ installation: Installation, _ workspace: Workspace, to contact: String = Installation.number,
        flow: SealedFlow = .turnkey
    ) async throws -> SealedDispatch {
        try await installation.sendSealed(workspace, to: contact, flow: flow, asker: .visitor, network: network)
    }

    private static func settled(_ installation: Installation) async {
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
    }

    @Test("a visitor is answered before the message goes out, and it goes out", arguments: SealedFlow.allCases)
    func answeredBefore(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.hold()
        let dispatch = try await Self.ask(installation, workspace, flow: flow)
        #expect(try await !installation.auditTrail(workspace).contains { $0.hasPrefix("challenge.dispatched") })
        installation.mail.letGo()
        await Self.settled(installation)
        #expect(try await installation.auditTrail(workspace).last == "challenge.dispatched done inbox")
        let code = try installation.code(of: dispatch)
        #expect(try await installation.verifySealed(dispatch, code: code, workspace, flow: flow) == .verified)
    }

    @Test("a delivery that fails is settled as ever, and nothing of it reaches the visitor")
    func failedDelivery() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        var dispatches: [SealedDispatch] = []
        for _ in 0..<3 {
            dispatches.append(try await Self.ask(installation, workspace))
            await Self.settled(installation)
        }
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        #expect(
            try await installation.auditTrail(workspace).last
                == "challenge.dispatched failed inbox: recipientRefused 550")
        // They are in flight like those that arrived, and count down like them.
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await Self.ask(installation, workspace)
        }
        for left in [2, 1, 0] {
            #expect(
                try await installation.verifySealed(dispatches[0], code: "000000000", workspace)
                    == .refused(.invalidCode, remaining: left))
        }
    }

    @Test("a failed delivery does not give a visitor's own limits back: that would tell of the failure")
    func failureKeepsAskersLimits() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.networkLimit = 1 }
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        _ = try await Self.ask(installation, workspace)
        await Self.settled(installation)
        await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) {
            try await Self.ask(installation, workspace, to: "a@example.org")
        }
    }

    /// A workspace in which the next send to `contact` must not go out, and the audit trail's word for why.
    struct Refused: Sendable, CustomTestStringConvertible {
        var reason: String
        var contact = Installation.number
        var settings: @Sendable (inout WorkspaceSettings) -> Void = { _ in }
        /// Uses the limit up.
        var before: @Sendable (Installation, Workspace) async throws -> Void = { _, _ in }
        var testDescription: String { reason }
    }

    static let refusals = [
        Refused(reason: "premium", contact: "+499001234567"),
        Refused(reason: "recipient", settings: { $0.recipientLimit = 1 }) { try await $0.sendSealed($1) },
        Refused(reason: "prefix", settings: { $0.prefixLimit = 1 }) {
            try await $0.sendSealed($1, to: "+4915112345679")
        },
        Refused(reason: "country", settings: { $0.countryLimit = 1 }) {
            try await $0.sendSealed($1, to: "+4915212345678")
        },
        Refused(reason: "budget", settings: { $0.dailyBudget = 1 }) {
            try await $0.sendSealed($1, to: "a@example.org")
        },
        Refused(reason: "contact-closed", settings: { $0.recipientLimit = 0 }) { installation, workspace in
            try await ContactClosureTests.close(installation, workspace)
        },
    ]

    @Test(
        "what would tell of the contact or of fraud is answered with a decoy, and the audit trail has the reason",
        arguments: refusals, SealedFlow.allCases)
    func decoy(refused: Refused, flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace(refused.settings)
        try await refused.before(installation, workspace)
        let sent = installation.mail.codes.count
        let used = try await installation.directory.usedQuota(workspace.id)

        let dispatch = try await Self.ask(installation, workspace, to: refused.contact, flow: flow)
        await Self.settled(installation)
        #expect(try await installation.stored(dispatch, workspace)?.isDecoy == true)
        #expect(
            try await installation.auditTrail(workspace).last == "challenge.created refused live sms \(refused.reason)")
        #expect(installation.mail.codes.count == sent)
        #expect(try await installation.directory.usedQuota(workspace.id) == used)
        for left in [2, 1, 0] {
            #expect(
                try await installation.verifySealed(dispatch, code: "000000000", workspace, flow: flow)
                    == .refused(.invalidCode, remaining: left))
        }
        #expect(
            try await installation.verifySealed(dispatch, code: "000000000", workspace, flow: flow)
                == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("a back end learns why a send was refused", arguments: refusals)
    func backEndLearns(refused: Refused) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace(refused.settings)
        try await refused.before(installation, workspace)
        await #expect(throws: PasscodeError.self) {
            try await installation.sendSealed(workspace, to: refused.contact, network: Self.network)
        }
    }

    @Test(
        "a decoy looks like the real thing: the same fields, as long, with the same life",
        arguments: SealedFlow.allCases)
    func decoyLooksReal(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        let real = try await Self.ask(installation, workspace, flow: flow)
        let decoy = try await Self.ask(installation, workspace, flow: flow)
        await Self.settled(installation)
        #expect(try await installation.stored(real, workspace)?.isDecoy == false)
        #expect(try await installation.stored(decoy, workspace)?.isDecoy == true)
        let sizes = [
            try await installation.stored(real, workspace)?.size, try await installation.stored(decoy, workspace)?.size,
        ]
        #expect(sizes[0] == sizes[1])
        let pinned = try installation.pinnedKey()
        let now = installation.time.now.unixMilliseconds
        let contents = try [real, decoy].map {
            try SealedClient.target(of: $0, flow: flow, pinned: pinned, now: now)
        }
        #expect(contents[0].expiresAt == contents[1].expiresAt)
        #expect(contents[0].organization == contents[1].organization)
        #expect(contents[0].target != contents[1].target)
        #expect(real.channel == decoy.channel && real.expiresAt == decoy.expiresAt)
        #expect(real.testCode == nil && decoy.testCode == nil && !decoy.isReplay)
    }

    @Test("decoys are in flight like codes, and the fourth is refused for the same reason")
    func decoysAreInFlight() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        for _ in 0..<3 { _ = try await Self.ask(installation, workspace) }
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await Self.ask(installation, workspace)
        }
        let closed = try await installation.workspace()
        for _ in 0..<3 { _ = try await Self.ask(installation, closed, to: "+499001234567") }
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await Self.ask(installation, closed, to: "+499001234567")
        }
    }

    @Test("a visitor sees the limit on its own network, whether or not messages go out")
    func networkLimit() async throws {
        let installation = try await Installation()
        for contact in [Installation.number, "+499001234567"] {
            let workspace = try await installation.workspace { $0.networkLimit = 1 }
            _ = try await Self.ask(installation, workspace, to: contact)
            await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) {
                try await Self.ask(installation, workspace, to: contact)
            }
        }
    }

    @Test("with the quota used up every visitor is told, whether or not its message would go out")
    func quota() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 1 }
        _ = try await Self.ask(installation, workspace, to: "+499001234567")
        _ = try await Self.ask(installation, workspace)
        for contact in ["a@example.org", "+499001234567"] {
            await #expect(throws: PasscodeError.workspace(.quotaExceeded(retryAfter: 1))) {
                try await Self.ask(installation, workspace, to: contact)
            }
        }
    }

    @Test("exactly the limit goes out, however many ask at the same time, and all others get decoys")
    func race() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.dailyBudget = 5 }
        let dispatches = try await atOnce(20) { position in
            try await Self.ask(installation, workspace, to: "a\(position)@example.org")
        }
        await Self.settled(installation)
        #expect(dispatches.count == 20 && installation.mail.codes.count == 5)
        #expect(try await installation.directory.usedQuota(workspace.id) == 5)
        let decoys = try await installation.auditTrail(workspace).count {
            $0 == "challenge.created refused live email budget"
        }
        #expect(decoys == 15)
    }

    @Test("while the enclave is gone a visitor is refused and nothing has changed")
    func enclaveDown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let before = try await installation.auditTrail(workspace)
        installation.enclave.goDown()
        for contact in [Installation.number, "+499001234567"] {
            await #expect(throws: PasscodeError.unavailable("")) {
                try await Self.ask(installation, workspace, to: contact)
            }
        }
        #expect(try await installation.auditTrail(workspace) == before)
        await Self.settled(installation)
    }
}
