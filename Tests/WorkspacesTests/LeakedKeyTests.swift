import Crypto
import Fixtures
import Testing
import Workspaces

@Suite("Leaked keys")
struct LeakedKeyTests {
    let installation: Installation
    let workspace: Workspace
    let told = KeyChanges()

    init() async throws {
        installation = try await Installation()
        workspace = try await installation.workspace()
    }

    private var leaks: LeakedKeys { LeakedKeys(keys: installation.keys, outbox: told) }

    private func key(_ kind: KeyKind = .live) async throws -> CreatedAPIKey {
        try await installation.keys.create(workspace: workspace.id, kind: kind, name: "", origin: .system)
    }

    private func report(_ texts: String..., url: String = "", by reporter: LeakReporter = .anybody) async throws
        -> LeakOutcome
    {
        try await leaks.report(texts.map { LeakedText(text: $0, url: url) }, by: reporter, origin: .system)
    }

    @Test("a key that is reported opens nothing from then on, and its owner is told where it was seen")
    func revocation() async throws {
        let (leaked, other) = (try await key(), try await key())
        _ = try await installation.keys.caller(leaked.secret.text, from: nil)
        let outcome = try await report(
            leaked.secret.text, url: "https://git.example/a/b.txt?token=1#L3", by: .trusted("github"))
        #expect(outcome.isKey == [true] && outcome.ended.map(\.id) == [leaked.key.id])
        await #expect(throws: WorkspaceError.keyRevoked()) {
            try await installation.keys.caller(leaked.secret.text, from: nil)
        }
        _ = try await installation.keys.caller(other.secret.text, from: nil)
        let stored = try #require(
            try await installation.keys.list(workspace: workspace.id).first { $0.id == leaked.key.id })
        #expect(stored.leak?.url == "https://git.example/a/b.txt" && stored.leak?.reporter == "github")
        #expect(told.all.map(\.kind) == [.leaked] && told.all.first?.key.id == leaked.key.id)
        #expect(try await installation.auditTrail(workspace).last == "key.leaked done github")
        #expect(try await installation.keys.needingAttention(in: workspace.id).map(\.id) == [leaked.key.id])
    }

    @Test("every kind of key with a secret text is revoked", arguments: KeyKind.allCases.filter { $0.prefix != nil })
    func kinds(kind: KeyKind) async throws {
        // An agent's is made with its agent: the route's tests have it.
        guard !kind.isAgents else { return }
        let leaked = try await key(kind)
        #expect(try await report(leaked.secret.text).ended.count == 1)
    }

    @Test("what is no key of ours is told so, and changes nothing")
    func falseAlarms() async throws {
        var generator = SystemRandomNumberGenerator()
        let unknown = try #require(SecretKey(kind: .live, using: &generator)).text
        let known = try await key()
        let before = try await installation.auditTrail(workspace)
        let typo = known.secret.text.dropLast() + "!"
        let outcome = try await report("", "nonsense", unknown, String(typo), String(repeating: "x", count: 5_000))
        #expect(outcome.isKey == [false, false, false, false, false] && outcome.ended.isEmpty)
        #expect(try await installation.auditTrail(workspace) == before)
        _ = try await installation.keys.caller(known.secret.text, from: nil)
    }

    @Test("a key is ended once, however often and by however many it is reported at the same time")
    func race() async throws {
        let leaked = try await key()
        let leaks = leaks
        let ended = try await withThrowingTaskGroup(of: LeakOutcome.self) { group in
            for _ in 0..<16 {
                let texts = [leaked.secret.text, leaked.secret.text].map { LeakedText(text: $0, url: "") }
                group.addTask { try await leaks.report(texts, by: .anybody, origin: .system) }
            }
            return try await group.reduce(into: 0) {
                #expect($1.isKey == [true, true])
                $0 += $1.ended.count
            }
        }
        #expect(ended == 1 && told.all.count == 1)
    }

    @Test("one that its owner revoked before stays as it was")
    func revokedBefore() async throws {
        let key = try await key()
        try await installation.keys.revoke(key.key.id, workspace: workspace.id, origin: .system)
        let outcome = try await report(key.secret.text)
        #expect(outcome.isKey == [true] && outcome.ended.isEmpty && told.all.isEmpty)
        #expect(try await installation.keys.list(workspace: workspace.id).first?.leak == nil)
    }

    @Test(
        "of where it was seen nothing is kept that could harm who looks",
        arguments: [
            "javascript:alert(1)", "https://user:secret@example.com/", "https://example.com/\u{1B}[2J",
            "https://example.com/" + String(repeating: "x", count: 600), "ftp://example.com", "https://example.com/\"a",
        ])
    func places(url: String) async throws {
        let ended = try await report(try await key().secret.text, url: url).ended
        #expect(ended.count == 1 && ended[0].leak?.url == "")
    }

    @Test("a stranger's network has so many reports a minute, and this machine any number")
    func limit() async throws {
        let leaks = leaks
        for _ in 0..<20 { try leaks.take(from: "192.0.2.0/24") }
        #expect(
            throws: WorkspaceError.requestsLimited(
                from: "", policy: .init(name: "", uses: 1, seconds: 1), retryAfter: 1)
        ) {
            try leaks.take(from: "192.0.2.0/24")
        }
        try leaks.take(from: "198.51.100.0/24")
        for _ in 0..<50 { try leaks.take(from: nil) }
        installation.time.advance(seconds: 3)
        try leaks.take(from: "192.0.2.0/24")
    }

    @Test("a reporter is known by the signature over the very bytes; a key that nobody trusts is anybody's")
    func signatures() throws {
        let (trusted, stranger) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        let key = try #require(LeakReporters.Key(reporter: "github", pem: trusted.publicKey.pemRepresentation))
        let reporters = LeakReporters(["k1": key])
        let body = Array("[]".utf8)
        func signed(_ key: P256.Signing.PrivateKey) throws -> String {
            try key.signature(for: SHA256.hash(data: body)).derRepresentation.base64EncodedString()
        }
        let good = try signed(trusted)
        #expect(try reporters.reporter(key: "k1", signature: good, body: body) == .trusted("github"))
        #expect(try reporters.reporter(key: "k2", signature: good, body: body) == .anybody)
        #expect(try reporters.reporter(key: nil, signature: nil, body: body) == .anybody)
        for bad in [try signed(stranger), "", "AAAA", nil] as [String?] {
            #expect(throws: WorkspaceError.signatureInvalid()) {
                try reporters.reporter(key: "k1", signature: bad, body: body)
            }
        }
        #expect(throws: WorkspaceError.signatureInvalid()) {
            try reporters.reporter(key: "k1", signature: good, body: body + [10])
        }
        #expect(LeakReporters.Key(reporter: "x", pem: "no key") == nil)
    }
}
