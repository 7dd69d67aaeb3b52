import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Sending sealed codes")
struct SealedSendingTests {
    @Test(
        "the bundle is signed by the pinned key, and for this challenge, workspace and time",
        arguments: SealedFlow.allCases)
    func bundle(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sealedCodeLifetimeSeconds = 120 }
        let dispatch = try await installation.sendSealed(workspace, flow: flow)
        let now = installation.time.now.unixMilliseconds
        let content = try SealedClient.target(
            of: dispatch, flow: flow, pinned: try installation.pinnedKey(), now: now)
        let organization = flow == .turnkey ? WorkspaceUUID.organization.text(for: workspace.id) : workspace.id
        #expect(content.organization == organization)
        #expect(content.challenge == dispatch.identifier)
        #expect(content.expiresAt == now + 120_000 && dispatch.expiresAt == content.expiresAt)
        #expect(dispatch.testCode == nil && !dispatch.isReplay)
        #expect(throws: SealedPasscodeError(.wrongSigner)) {
            try SealedClient.target(
                of: dispatch, flow: flow, pinned: try installation.pinnedKey(.test), now: now)
        }
    }

    @Test("every challenge has a target key and a code of its own")
    func freshKeys() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        var targets: Set<P256PublicKey> = []
        for _ in 0..<3 {
            let dispatch = try await installation.sendSealed(workspace)
            targets.insert(
                try SealedClient.target(
                    of: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
                    now: installation.time.now.unixMilliseconds
                ).target)
        }
        #expect(targets.count == 3 && Set(installation.mail.codes).count == 3)
    }

    @Test("a code has the workspace's shape and life unless the caller asks for another")
    func format() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.sealedCodeLength = 7
            $0.sealedCodeAlphabet = .digits
        }
        let plain = try await installation.sendSealed(workspace)
        let wished = try await installation.sendSealed(workspace) {
            $0.format = CodeFormat(alphabet: .base32, length: 8)
            $0.lifetime = 600
        }
        let codes = installation.mail.codes
        #expect(codes[0].count == 7 && codes[0].allSatisfy(\.isNumber))
        #expect(codes[1].count == 8)
        #expect(plain.expiresAt == installation.time.now.unixMilliseconds + 300_000)
        #expect(wished.expiresAt == installation.time.now.unixMilliseconds + 600_000)
    }

    @Test("channel, application and the caller's wording reach the message")
    func wording() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace) {
            $0.channel = .whatsapp
            $0.customization = MessageCustomization(text: "{{.OtpCode}} is it")
        }
        let message = try #require(installation.mail.messages.last)
        #expect(message.channel == .whatsapp && dispatch.channel == .whatsapp)
        #expect(message.wording.application == "Test" && message.wording.validMinutes == 5)
        #expect(message.wording.customization?.text == "{{.OtpCode}} is it")
    }

    @Test("a code goes out within the deadline of plain codes")
    func deadline() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.sendSealed(workspace)
        #expect(installation.mail.messages.last?.timeLimit == Challenges.deliveryDeadline)
    }

    @Test("with a test key nothing is sent or used up, the code is in the answer, and test keys sign")
    func testMode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.monthlyQuota = 1 }
        for flow in SealedFlow.allCases {
            let dispatch = try await installation.sendSealed(workspace, flow: flow, mode: .test)
            let code = try #require(dispatch.testCode).value
            #expect(
                try await installation.verifySealed(dispatch, code: code, workspace, flow: flow, mode: .test)
                    == .verified)
        }
        #expect(installation.mail.codes.isEmpty)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
    }

    @Test("the limits of plain codes hold for sealed ones too, and nothing else is used up by a refusal")
    func limits() async throws {
        let installation = try await Installation()
        let limits: [(WritableKeyPath<WorkspaceSettings, Int> & Sendable, WorkspaceError)] = [
            (\.recipientLimit, .rateLimited(by: "", retryAfter: 1)),
            (\.prefixLimit, .rateLimited(by: "", retryAfter: 1)),
            (\.countryLimit, .rateLimited(by: "", retryAfter: 1)),
            (\.networkLimit, .rateLimited(by: "", retryAfter: 1)),
            (\.dailyBudget, .budgetExceeded(retryAfter: 1)),
            (\.monthlyQuota, .quotaExceeded(retryAfter: 1)),
        ]
        for (limit, expected) in limits {
            let workspace = try await installation.workspace { $0[keyPath: limit] = 1 }
            try await installation.sendSealed(workspace, network: "192.0.2.0/24")
            await #expect(throws: PasscodeError.workspace(expected)) {
                try await installation.sendSealed(workspace, network: "192.0.2.0/24")
            }
            #expect(try await installation.directory.usedQuota(workspace.id) == 1)
        }
    }

    @Test("plain and sealed codes share the limits of a workspace")
    func sharedLimits() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        try await installation.send(workspace)
        await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) {
            try await installation.sendSealed(workspace)
        }
    }

    @Test("three sends in three minutes for one rate-limit key, live or test, whomever they are for")
    func rateLimitKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for mode in ChallengeMode.allCases {
            for position in 0..<3 {
                try await installation.sendSealed(workspace, to: "\(mode)\(position)@example.org", mode: mode) {
                    $0.rateLimitKey = "user 1 \(mode)"
                }
            }
            do {
                try await installation.sendSealed(workspace, to: "\(mode)4@example.org", mode: mode) {
                    $0.rateLimitKey = "user 1 \(mode)"
                }
                Issue.record("the fourth send passed")
            } catch let error as PasscodeError {
                #expect(error == .workspace(.rateLimited(by: "", retryAfter: 0)))
                #expect(error.retryAfter == 180)
            }
            try await installation.sendSealed(workspace, to: "\(mode)4@example.org", mode: mode) {
                $0.rateLimitKey = "user 2 \(mode)"
            }
        }
    }

    @Test("never more than three sends in any three minutes for one rate-limit key, wherever those begin")
    func rateLimitKeyWindow() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        var accepted: [Int] = []
        for second in stride(from: 0, to: 1200, by: 20) {
            let sent = try? await installation.sendSealed(workspace, to: "a\(second)@example.org") {
                $0.rateLimitKey = "key"
            }
            if sent != nil { accepted.append(second) }
            installation.time.advance(seconds: 20)
        }
        for start in accepted {
            #expect(accepted.count { start <= $0 && $0 < start + 180 } <= 3, "\(accepted)")
        }
        #expect(
            accepted == [
                0, 20, 40, 180, 200, 220, 360, 380, 400, 540, 560, 580, 720, 740, 760, 900, 920, 940, 1080, 1100, 1120,
            ])
    }

    @Test("three of many that ask under one rate-limit key at the same moment")
    func rateLimitKeyRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for position in 0..<20 {
                group.addTask {
                    let sent = try? await installation.sendSealed(workspace, to: "r\(position)@example.org") {
                        $0.rateLimitKey = "key"
                    }
                    return sent != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 3)
    }

    @Test("what a refused message gives back to a rate-limit key is its own place, not that of another send")
    func rateLimitKeyGivesBackItsOwn() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        func send(_ name: String) async throws {
            try await installation.sendSealed(workspace, to: "\(name)@example.org") { $0.rateLimitKey = "key" }
        }
        try await send("first")
        installation.time.advance(seconds: 60)
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        await #expect(throws: PasscodeError.notDelivered) { try await send("refused") }
        installation.mail.answer(.accepted(provider: "smtp"))
        try await send("second")
        try await send("third")
        await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) { try await send("fourth") }
        installation.time.advance(seconds: 120)
        try await send("fourth")
        await #expect(throws: PasscodeError.workspace(.rateLimited(by: "", retryAfter: 1))) { try await send("fifth") }
    }

    @Test("a rate-limit key is kept as a digest: it is often a person's own name")
    func rateLimitKeyIsHidden() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.sendSealed(workspace) { $0.rateLimitKey = "anna@example.org" }
        let subjects = try await installation.database.read { transaction in
            try transaction.rows("SELECT subject FROM allowance WHERE workspace = $1", [.text(workspace.id)])
                .map { try $0.text(0) }
        }
        #expect(subjects.count >= 4)
        #expect(!subjects.contains { $0.contains("anna") })
    }

    @Test("a refused message gives everything back, the place among those in flight too")
    func failedDelivery() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.recipientLimit = 1
            $0.monthlyQuota = 1
        }
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .recipientRefused, providerStatus: 550, mayHaveArrived: false)))
        for _ in 0..<4 {
            await #expect(throws: PasscodeError.notDelivered) {
                try await installation.sendSealed(workspace) { $0.rateLimitKey = "key" }
            }
        }
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        #expect(
            try await installation.auditTrail(workspace).last
                == "challenge.dispatched failed inbox: recipientRefused 550")
        installation.mail.answer(.accepted(provider: "smtp"))
        try await installation.sendSealed(workspace) { $0.rateLimitKey = "key" }
    }

    @Test("a message that may have arrived keeps its place among those in flight")
    func uncertainDelivery() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .timedOut, providerStatus: 0, mayHaveArrived: true)))
        for _ in 0..<3 {
            await #expect(throws: PasscodeError.notDelivered) { try await installation.sendSealed(workspace) }
        }
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await installation.sendSealed(workspace)
        }
    }

    @Test(
        "a premium-rate number, a wrong channel and an inactive subscription are refused, and an enclave that is down")
    func refusals() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        await #expect(throws: PasscodeError.phoneNumberRefused()) {
            try await installation.sendSealed(workspace, to: "+499001234567")
        }
        await #expect(throws: PasscodeError.invalidChannel()) {
            try await installation.sendSealed(workspace) { $0.channel = .email }
        }
        let inactive = try await installation.directory.update(workspace.id, origin: .system) {
            $0.subscription = .inactive
        }
        await #expect(throws: PasscodeError.workspace(.subscriptionInactive())) {
            try await installation.sendSealed(inactive)
        }
        installation.enclave.goDown()
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.sendSealed(workspace) }
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        #expect(installation.mail.codes.isEmpty)
    }
}
