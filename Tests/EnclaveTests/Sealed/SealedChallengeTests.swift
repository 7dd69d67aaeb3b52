import Encodings
import EnclaveLink
import JOSE
import SealedPasscodes
import Testing

@testable import Enclave

@Suite("sealed challenges")
struct SealedChallengeTests {
    @Test(
        "the bundle names target key, organization, challenge and end, in its flow's spelling", arguments: SealedWay.all
    )
    func bundle(way: SealedWay) async throws {
        let subject = try await SealedEnclave()
        let made = try await subject.make(flow: way.flow, mode: way.mode)
        let content = try SealedEnclave.content(
            made.bundle, flow: way.flow, pinned: subject.pinned(way.mode), challenge: "ch_1",
            now: subject.clock.now.unixMilliseconds)
        #expect(content.organization == SealedEnclave.organization(way.flow, "ws_1"))
        #expect(content.expiresAt == subject.clock.now.unixMilliseconds + 300_000)
        #expect(made.expiresAt == content.expiresAt)
    }

    @Test("the Turnkey bundle is the dialect's JSON text, to the letter")
    func turnkeyText() async throws {
        let subject = try await SealedEnclave()
        let made = try await subject.make()
        let bundle = try JSONValue(parsing: Array(made.bundle.utf8))
        let names = ["version", "data", "dataSignature", "enclaveQuorumPublic"]
        #expect(bundle.members?.map(\.name) == names)
        #expect(bundle["version"]?.text == "v1.0.0")
        #expect(bundle["enclaveQuorumPublic"]?.text == (try subject.pinned()).uncompressedHexadecimal)
        for name in names.dropFirst() {
            let text = try #require(bundle[name]?.text)
            #expect(text == text.lowercased() && Hexadecimal.decode(text) != nil)
        }
        let data = try JSONValue(parsing: try #require(bundle["data"]?.text.flatMap { Hexadecimal.decode($0) }))
        #expect(data["targetPublic"]?.text == made.target.uncompressedHexadecimal)
        #expect(data["organizationId"]?.text == "org-of-ws_1" && data["userId"]?.text == "")
    }

    @Test("our own target is a JWS of its own type under the pinned key's thumbprint")
    func targetToken() async throws {
        let subject = try await SealedEnclave()
        let key = try subject.key(.enclave)
        let made = try await subject.make(flow: .countersign)
        let keys = try JSONWebKeySet([JSONWebKey(json: Array(key.publicKey.utf8))])
        let verified = try JSONWebSignatureVerifier(keys: keys).verify(made.bundle)
        #expect(verified.header.type == "target+jwt" && verified.header.keyIdentifier == key.keyIdentifier)
        let claims = try JSONValue(parsing: verified.payload)
        #expect(claims["iss"]?.text == SealedEnclave.issuer && claims["aud"]?.text == "ws_1")
    }

    @Test("a live challenge is signed by the live key only, a test challenge by the test key only")
    func purpose() async throws {
        let subject = try await SealedEnclave()
        for mode in ChallengeMode.allCases {
            for purpose in SigningKeyPurpose.allCases where purpose != .enclave(mode) {
                var request = try subject.makeRequest(mode: mode)
                request.target?.keyIdentifier = try subject.key(purpose).keyIdentifier
                await Self.expect(.keyRefused, subject, request)
            }
        }
        var request = try subject.makeRequest()
        request.target?.keyIdentifier = "unknown"
        await Self.expect(.keyRefused, subject, request)
    }

    @Test(
        "a sealed challenge has three attempts at most, whatever the host asks for", arguments: [0, 4, 5, 10, Int.max])
    func attemptLimit(limit: Int) async throws {
        let subject = try await SealedEnclave()
        var request = try subject.makeRequest()
        request.attemptLimit = limit
        await Self.expect(.requestRefused, subject, request)
    }

    @Test("what is out of range is refused", arguments: 0..<6)
    func ranges(rule: Int) async throws {
        let subject = try await SealedEnclave()
        var request = try subject.makeRequest()
        switch rule {
        case 0: request.target?.issuer = ""
        case 1: request.target?.issuer = String(repeating: "x", count: 513)
        case 2: request.target?.organization = ""
        case 3: request.target?.organization = String(repeating: "x", count: 513)
        case 4: request.lifetime = 601
        default: request.format = CodeFormat(alphabet: .base32, length: 10)
        }
        await Self.expect(.requestRefused, subject, request)
    }

    @Test("a sandbox's code is always 000000, and only for the sandbox's contacts")
    func sandbox() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        for (contact, channel) in Self.sandboxContacts {
            var request = try subject.makeRequest("ch_\(channel)", mode: .test)
            (request.contact, request.channels) = (contact, [channel])
            request.format = CodeFormat(alphabet: .base32, length: 9)
            request.target?.usesSandboxCode = true
            let made = try await subject.make(request)
            #expect(made.code == "000000")
            #expect(try await subject.attempt(made, "000000", by: client).token != nil)
        }
    }

    @Test("no live challenge and no other contact ever has the sandbox's code")
    func notASandbox() async throws {
        let subject = try await SealedEnclave()
        var live = try subject.makeRequest()
        live.target?.usesSandboxCode = true
        await Self.expect(.requestRefused, subject, live)
        for (contact, channel) in Self.sandboxContacts {
            (live.contact, live.channels) = (contact, [channel])
            await Self.expect(.requestRefused, subject, live)
        }
        for value in ["+19999999998", "+199999999990", "19999999999", SealedEnclave.contact.value] {
            var request = try subject.makeRequest(mode: .test)
            request.contact = ContactAddress(kind: .phone, value: value)
            request.target?.usesSandboxCode = true
            await Self.expect(.requestRefused, subject, request)
        }
        var mail = try subject.makeRequest(mode: .test)
        (mail.contact, mail.channels) = (ContactAddress(kind: .email, value: "user@example.org"), [.email])
        mail.target?.usesSandboxCode = true
        await Self.expect(.requestRefused, subject, mail)
    }

    @Test("a test challenge outside a sandbox has a code of its own", arguments: SealedFlow.allCases)
    func testCode(flow: SealedFlow) async throws {
        let subject = try await SealedEnclave()
        var codes: Set<String> = []
        for round in 0..<20 { codes.insert(try await subject.make("ch_\(round)", flow: flow, mode: .test).code) }
        #expect(codes.count > 15 && !codes.contains("000000"))
    }

    @Test("a live challenge's code is in its message and nowhere in the answer")
    func liveCode() async throws {
        let subject = try await SealedEnclave()
        let made = try await subject.enclave.call(subject.makeRequest())
        #expect(made.testCode == nil)
        let record = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: made.sealed)
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await subject.enclave.call(RevealTestCode(challenge: record))
        }
    }

    @Test("nobody gets a decoy's code: it is not delivered")
    func decoyDelivery() async throws {
        let subject = try await SealedEnclave()
        var request = try subject.makeRequest()
        request.target?.isDecoy = true
        #expect(try await subject.make(request).code.isEmpty)
    }

    private static let sandboxContacts: [(ContactAddress, Channel)] = [
        (ContactAddress(kind: .phone, value: "+19999999999"), .sms),
        (ContactAddress(kind: .email, value: "user@example.com"), .email),
    ]

    private static func expect(
        _ code: EnclaveError.Code, _ subject: SealedEnclave, _ request: MakeChallenge,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: EnclaveError(code), sourceLocation: sourceLocation) {
            _ = try await subject.enclave.call(request)
        }
    }
}
