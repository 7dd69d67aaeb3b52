import EnclaveLink
import JOSE
import Testing

@testable import Enclave

@Suite("signed permissions")
struct PermissionSignerTests {
    private let bench: TokenBench

    init() throws { bench = try TokenBench() }

    private func request(
        mode: ChallengeMode = .live, key: SigningKeyPurpose? = nil, _ change: (inout SignPermission) -> Void = { _ in }
    ) throws -> SignPermission {
        var request = SignPermission(
            issuer: "https://id.example.com", workspace: "ws_1", mode: mode, agent: "agt_1", permission: "perm_1",
            action: "bank.transfer", resource: nil, scope: #"{"max_amount":5}"#, clientKey: nil,
            expiresAt: TokenBench.now.unixMilliseconds + 300_999,
            keyIdentifier: try bench.key(key ?? .permission(mode)).identifier)
        change(&request)
        return request
    }

    private func claims(_ request: SignPermission) throws -> JSONValue {
        let signer = PermissionSigner(keys: bench.ring, randomness: SystemRandomness())
        let signed = try signer.sign(request, now: TokenBench.now)
        let keys = try JSONWebKeySet([bench.key(.permission(request.mode)).publicKey])
        let verified = try JSONWebSignatureVerifier(keys: keys).verify(signed.value)
        #expect(verified.header.type == "permission+jwt")
        return try JSONValue(parsing: verified.payload)
    }

    @Test(
        "says what was granted and ends no later than it, each time under another name",
        arguments: ChallengeMode.allCases)
    func content(mode: ChallengeMode) throws {
        let (one, other) = (try claims(request(mode: mode)), try claims(request(mode: mode)))
        let now = TokenBench.now.unixMilliseconds / 1000
        #expect(one["iat"] == .integer(now) && one["exp"] == .integer(now + 300))
        #expect(one["cnf"] == nil && (one["test"] == .boolean(true)) == (mode == .test))
        #expect(one["jti"] != other["jti"])
    }

    @Test("is signed by a key of its own purpose and mode alone", arguments: SigningKeyPurpose.allCases)
    func purposes(purpose: SigningKeyPurpose) throws {
        guard purpose != .permission else { return }
        #expect(throws: EnclaveError(.keyRefused)) { try claims(request(key: purpose)) }
    }

    @Test("a host slips nothing in: what is out of range or no object is refused, and texts stay texts")
    func lyingHost() throws {
        let changes: [(inout SignPermission) -> Void] = [
            { $0.scope = "[]" }, { $0.scope = #"{}],"sub":"x","y":[{"# }, { $0.scope = #"{"a":1,"a":2}"# },
            { $0.scope = "" }, { $0.scope = #"{"a":"\#(String(repeating: "x", count: SignPermission.scopeLimit))"}"# },
            { $0.expiresAt = TokenBench.now.unixMilliseconds },
            { $0.expiresAt = TokenBench.now.unixMilliseconds + 3_600_001 },
            { $0.expiresAt = .max }, { $0.expiresAt = .min }, { $0.issuer = "" }, { $0.agent = "" },
            { $0.permission = "" },
            { $0.workspace = "" }, { $0.action = "" }, { $0.action = String(repeating: "a", count: 256) },
            { $0.clientKey = "x" }, { $0.resource = String(repeating: "r", count: 1_025) },
        ]
        for (number, change) in changes.enumerated() {
            #expect(throws: EnclaveError(.requestRefused), "\(number)") { try claims(request(change)) }
        }
        let quoted = try claims(request { $0.resource = #"","sub":"x"# })
        #expect(quoted["sub"]?.text == "agt_1")
        #expect(quoted["authorization_details"]?.elements?[0]["resource"]?.text == #"","sub":"x"#)
    }
}
