import EnclaveLink
import TransparencyLog

/// One message of every kind, with values at the edges of what they can be.
enum Samples {
    static let record = SealedRecord(workspace: "ws_1", record: "ch_é", sealed: [0, 255, 1])
    static let contact = ContactAddress(kind: .email, value: "jöhn@example.com")
    static let token = IdentityTokenRequest(
        issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: "kid", lifetime: .max)
    static let wording = MessageWording(
        application: "App \"\u{1f600}\"", domain: nil, codeInSubject: true, validMinutes: -1)

    static let customization = MessageCustomization(
        text: "{{.OtpCode}} é", logo: nil, link: "", senderAddress: "a@example.com", senderName: nil, replyTo: "b@c.d")

    static let greeting = Greeting(
        boot: BootIdentifier(bytes: Array(0..<16)), startedAt: 1_800_000_000_000,
        isolation: IsolationReport(
            systemCallFilter: true, networkNamespace: false, noNewPrivileges: true, notDumpable: false,
            memoryLocked: true, separateUser: false),
        providers: [
            ConfiguredProvider(purpose: .messages(.email), name: "smtp", host: "smtp.example.com", port: 465),
            ConfiguredProvider(purpose: .captcha, name: "siteverify", host: "captcha.example.com", port: 443),
            ConfiguredProvider(purpose: .witness, name: "w.example.com", host: "w.example.com", port: 1),
        ],
        webhooks: WebhookReach(hosts: [], privateHosts: ["*.example.com", "::1"].compactMap(HostPattern.init)),
        contactIndexKey: Array(repeating: 213, count: 32), auditKey: Array(repeating: 7, count: 32),
        logKey: Array(repeating: 8, count: 32))

    private static let hash = LogHash.leaf([1])
    private static let origin = try? KeyName("id.example.com/ws_é")
    private static let proposal = origin.map {
        LogHeadProposal(
            origin: $0, head: TreeHead(size: .max, root: hash), baseSize: .max,
            proof: ConsistencyProof([hash, .empty]), stored: signed)
    }
    private static let signed = SignedHead(head: TreeHead(size: .max, root: hash), signature: [0, 255])
    private static let cosigning = origin.map {
        CosignLogHead(
            witness: "w.example.com", origin: $0, signed: signed, baseSize: .max, proof: ConsistencyProof([hash]),
            deadline: .max)
    }
    private static let statement = origin.flatMap {
        ExportStatement(
            origin: $0, format: .csv, entries: 1..<(.max), digest: hash,
            head: TreeHead(size: .max, root: hash), time: .max)
    }
    private static let log: [any (FrameCodable & Sendable)] =
        [SignLogHeads([]), SignLogHeads([proposal, proposal].compactMap { $0 })] + [cosigning].compactMap { $0 }
        + [statement].compactMap { $0 }.map(SignStatement.init)
    private static let outcomes: [LogHeadOutcome] =
        [
            .signed(note: "a\n"), .restored(note: "", previous: TreeHead(size: 1, root: hash)),
            .refused(.wrongBase(TreeHead(size: .max, root: hash))), .refused(.inconsistent), .refused(.anchorFailed),
            .refused(.anchorBehind), .refused(.anchorFull), .refused(.contradicted),
        ] + LogAnchorFault.allCases.map { .refused(.unanchored($0)) }

    static let all: [any (FrameCodable & Sendable)] = requests + replies

    private static let requests: [any (FrameCodable & Sendable)] =
        [
            Greet(), RevealTestCode(challenge: record), ForgetSigningKey(keyIdentifier: ""),
            LoadSigningKey(purpose: .identityTest, keyIdentifier: "kid", sealed: [9]),
            DeliverChallenge(challenge: record, channel: .sms, provider: "twilio", wording: wording, deadline: 5000),
            DeliverChallenge(
                challenge: record, channel: .email, provider: "",
                wording: MessageWording(application: "", domain: "example.com", codeInSubject: false, validMinutes: 10),
                deadline: .min),
            DeliverChallenge(
                challenge: record, channel: .whatsapp, provider: "é",
                wording: MessageWording(
                    application: "", domain: nil, codeInSubject: false, validMinutes: 10, customization: customization,
                    language: "é", template: OwnTemplate(subject: nil, text: "{{code}} é")),
                deadline: 1),
            OwnTemplate(subject: "", text: ""),
            VerifyCaptcha(workspace: "ws_1", token: CaptchaToken("a.b"), address: "2001:db8::1", deadline: .max),
            VerifyCaptcha(workspace: "", token: CaptchaToken(""), address: nil, deadline: .min),
            AttemptChallenge(challenge: nil, code: PresentedCode("123456"), token: token),
            AttemptChallenge(
                challenge: record, code: PresentedCode(""), token: token,
                claims: ChallengeClaims(purpose: "é", binding: "{}")),
            MakeWebhookSecret(workspace: "ws_1", endpoint: "we_é"),
            DeliverWebhook(
                workspace: "ws_1", endpoint: "we_1",
                secrets: [SealedWebhookSecret([]), SealedWebhookSecret([0, 255])],
                url: "https://hooks.example.com/é", message: "msg_1", timestamp: .min, body: "{}\u{1f600}",
                deadline: .max),
            ReadDeliveryReports(
                provider: "twilio", method: "POST", url: "https://id.example.com/é?a=b",
                headers: [ReportHeader(name: "X-Signature", value: "é")], body: [0, 255]),
            ReadDeliveryReports(provider: "", method: "", url: "", headers: [], body: []),
            Destination(host: "smtp.example.com", port: 587), DescribeVault(), RotateMasterKey(),
            RetireMasterKeys(newest: 2),
            Reseal(.webhookSecret(workspace: "ws_1", endpoint: "é"), sealed: [0, 255]),
            Reseal(.signingKey(.session, identifier: ""), sealed: []),
            SignPermission(
                issuer: "https://id.example.com", workspace: "ws_1", mode: .test, agent: "agt_1", permission: "perm_1",
                action: "bank.transfer", resource: "é", scope: "{}", clientKey: "", expiresAt: .max,
                keyIdentifier: "kid"),
            SignPermission(
                issuer: "", workspace: "", mode: .live, agent: "", permission: "", action: "", resource: nil, scope: "",
                clientKey: nil, expiresAt: .min, keyIdentifier: ""),
        ] + challenges + keys + log

    private static let challenges: [MakeChallenge] = Channel.allCases.flatMap { channel in
        ChallengeMode.allCases.map { mode in
            MakeChallenge(
                workspace: "ws_1", challenge: "ch_1", mode: mode, contact: contact,
                channels: [channel] + Channel.allCases.filter { $0 != channel },
                format: CodeFormat(alphabet: mode == .live ? .digits : .base32, length: 9), lifetime: 600,
                attemptLimit: 5, claims: mode == .live ? nil : ChallengeClaims(purpose: "é", binding: #"{"a":1}"#),
                fixedCode: mode == .live ? nil : TestCode("123456"))
        }
    }

    private static let keys: [CreateSigningKey] = SigningKeyPurpose.allCases.flatMap { purpose in
        SigningAlgorithm.allCases.map { CreateSigningKey(purpose: purpose, algorithm: $0) }
    }

    private static let replies: [any (FrameCodable & Sendable)] =
        [
            greeting,
            MadeChallenge(sealed: [1, 2], createdAt: .min, expiresAt: .max, testCode: nil),
            MadeChallenge(sealed: [], createdAt: 0, expiresAt: 1, testCode: TestCode("123456")),
            TestCode("123456"), DeliveryOutcome.accepted(provider: "smtp", message: "SM1"), Loaded(),
            CreatedSigningKey(keyIdentifier: "kid", publicKey: "{}", publicPoint: [4, 1], sealed: [1]),
            AttemptOutcome.verified(identityToken: IdentityToken("a.b.c")), AttemptOutcome.wrong, AttemptOutcome.locked,
            AttemptOutcome.expired, AttemptOutcome.spent, AttemptOutcome.madeBeforeBoot,
            SignedPermission("a.b.c"), LogHeadOutcomes([]), LogHeadOutcomes(outcomes), SignedStatement(note: "é"),
            MadeWebhookSecret(sealed: SealedWebhookSecret([1]), secret: WebhookSecretText("whsec_AA==")),
            Resealed(sealed: nil), Resealed(sealed: [0, 255]),
            VaultDescription(wrapping: nil, versions: []),
            VaultDescription(
                wrapping: VaultDescription.Wrapping(token: "é", key: ""), versions: [1, .max],
                identityKeys: VaultDescription.TokenKeys(count: .max, unknown: ["", "00ff"]),
                outlook: .unreadableSettings),
            WebhookReach(), WebhookOutcome.answered(status: 204), WebhookOutcome.answered(status: .min),
        ] + failures + WebhookFailure.allCases.map { WebhookOutcome.failed($0) } + EnclaveError.Code.allCases
        + CaptchaOutcome.allCases + cosigned + reports

    private static let reports: [DeliveryReportsReading] =
        [.refused, .malformed, .confirmation("é"), .reports([])]
        + DeliveryReport.State.allCases.map {
            .reports([
                DeliveryReport(message: "SM1", state: $0, reason: "30003", time: .max),
                DeliveryReport(message: "", state: $0, reason: "", time: nil),
            ])
        }

    private static let cosigned: [CosignOutcome] =
        [.cosigned(line: "é\n"), .conflict(size: .max), .contradicted(size: .max)]
        + WitnessFailure.allCases.map { .failed($0) }

    private static let failures: [DeliveryOutcome] = DeliveryFailure.Reason.allCases.map {
        .failed(DeliveryFailure(provider: "smtp", reason: $0, providerStatus: 550, mayHaveArrived: true))
    }
}

extension FrameCodable {
    /// The fields alone.
    func body() throws -> [UInt8] {
        var writer = FrameWriter()
        writer.write(self)
        return try writer.finishBody()
    }

    static func decode(_ body: [UInt8]) throws -> Self { try FrameReader.decode(Self.self, from: body[...]) }
}
