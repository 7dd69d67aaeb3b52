import CountersignClient
import Encodings
import Foundation
import JOSE
import SealedPasscodes
import Testing

@Suite("The auth proxy of the Turnkey dialect")
struct AuthProxyTests {
    private let key = InMemoryKey()
    private let sessionKey = InMemoryKey()

    @Test("a person's code reaches the enclave sealed, and nothing on the way has it")
    func sealed() async throws {
        let played = PlayedServer()
        let session = try await played.proxySession(key, sessionKey: sessionKey)
        #expect(session.user == "u-1" && session.organization == EnclaveDouble.organization)
        #expect(played.seen.opened.map(\.code) == [PlayedServer.code])
        #expect(!played.seen.sent.contains { $0.text.contains(PlayedServer.code) })
        #expect(
            played.seen.sent.allSatisfy {
                $0.headers["X-Auth-Proxy-Config-Id"] == PlayedServer.configuration && $0.headers["Authorization"] == nil
            })
    }

    @Test("it wants the public configuration, never a secret key")
    func credential() async throws {
        let played = PlayedServer()
        let client = try played.client(credential: .secretKey("sk_live_secret"))
        await #expect(throws: CountersignError.code(.notConfigured)) {
            try await client.authProxy.initOTP(to: PlayedServer.contact)
        }
        #expect(played.seen.sent.isEmpty)
    }

    static let lyingHosts: [(PlayedServer.Lies, CountersignError.Code)] = [
        (lies { $0.signer = SigningDouble() }, .untrustedSigner),
        (lies { $0.challenge = "otp-2" }, .untrustedTarget),
        (lies { $0.lifetime = 0 }, .expired),
        (lies { $0.change = { $0.replacingOccurrences(of: "v1.0.0", with: "v2.0.0") } }, .untrustedTarget),
        (
            lies { $0.change = { $0.replacingOccurrences(of: #""data":"7b"#, with: #""data":"207b"#) } },
            .untrustedTarget
        ),
        (lies { $0.change = { _ in "{}" } }, .untrustedTarget),
    ]

    @Test("a bundle that the pinned signer did not sign for this code gets none", arguments: lyingHosts.indices)
    func lyingHost(_ index: Int) async throws {
        let (lies, code) = Self.lyingHosts[index]
        let played = PlayedServer(lies)
        await #expect(throws: CountersignError.code(code)) {
            try await played.client().authProxy.initOTP(to: PlayedServer.contact)
        }
    }

    @Test("a bundle that was kept is checked again before a code is sealed to it")
    func keptBundle() async throws {
        let played = PlayedServer()
        let challenge = try await played.client().authProxy.initOTP(to: PlayedServer.contact)
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await played.client(signer: SigningDouble().publicKey).authProxy.verifyOTP(
                PlayedServer.code, at: challenge, key: key)
        }
        #expect(played.seen.opened.isEmpty)
    }

    @Test("a verification token that is bound to another key is refused")
    func foreignVerification() async throws {
        let played = PlayedServer(Self.lies { $0.verifiedKey = SigningDouble().point })
        await #expect(throws: CountersignError.code(.untrustedToken)) { try await played.proxyVerification(key) }
    }

    @Test("a wrong code says how many attempts are left")
    func wrongCode() async throws {
        let proxy = try PlayedServer().client().authProxy
        let challenge = try await proxy.initOTP(to: "+4915123456789")
        let error = await #expect(throws: CountersignError.self) {
            try await proxy.verifyOTP("000000000", at: challenge, key: key)
        }
        #expect(error?.serverCode == .invalidCode)
        #expect(error?.attemptsRemaining == 2)
        #expect(error?.message == "Invalid OTP code")
    }

    @Test("a login is signed by the key of the code, for the session's key")
    func loginSignature() async throws {
        let played = PlayedServer()
        _ = try await played.proxySession(key, sessionKey: sessionKey)
        let body = try JSONValue(parsing: Array(try #require(played.seen.sent.last?.body)))
        let signature = try #require(body["clientSignature"])
        #expect(signature["scheme"]?.text == "CLIENT_SIGNATURE_SCHEME_API_P256")
        #expect(signature["publicKey"]?.text == key.publicKey.compressedHexadecimal)
        #expect(body["publicKey"]?.text == sessionKey.publicKey.compressedHexadecimal)
        let message = try #require(signature["message"]?.text)
        let expected =
            #"{"login":{"publicKey":"\#(sessionKey.publicKey.compressedHexadecimal)"},"tokenId":"vt-1","type":"USAGE_TYPE_LOGIN"}"#
        #expect(message == expected)
        #expect(try key.point.isValidSignature(raw: signature.raw, for: Array(message.utf8)))
    }

    @Test("a sign-up is signed by the key of the code, for the contact")
    func signUpSignature() async throws {
        let played = PlayedServer()
        let verification = try await played.proxyVerification(key)
        let user = try await played.client().authProxy.signUp(PlayedServer.contact, name: "Ada", verification, key: key)
        #expect(user.id == "u-1")
        let body = try JSONValue(parsing: Array(try #require(played.seen.sent.last?.body)))
        #expect(body["userEmail"]?.text == PlayedServer.contact && body["userName"]?.text == "Ada")
        let signature = try #require(body["clientSignature"])
        let message = try JSONValue(parsing: Array(try #require(signature["message"]?.text).utf8))
        #expect(message["type"]?.text == "USAGE_TYPE_SIGNUP" && message["tokenId"]?.text == "vt-1")
        #expect(message["signupV2"]?["email"]?.text == PlayedServer.contact)
        #expect(
            try key.point.isValidSignature(
                raw: signature.raw, for: Array(try #require(signature["message"]?.text).utf8)))
    }

    @Test("a session counts only with the pinned notary's signature over the double hash, for the session's key")
    func foreignSession() async throws {
        let refused: [(PlayedServer.Lies, CountersignError.Code)] = [
            (Self.lies { $0.notary = SigningDouble() }, .untrustedSigner),
            (Self.lies { $0.hashes = 1 }, .untrustedSigner),
            (Self.lies { $0.sessionKey = SigningDouble().publicKey }, .untrustedToken),
        ]
        for (lies, code) in refused {
            await #expect(throws: CountersignError.code(code)) {
                try await PlayedServer(lies).proxySession(key, sessionKey: sessionKey)
            }
        }
    }

    @Test("the signer's own key signs no session")
    func signerIsNoNotary() async throws {
        let signer = SigningDouble()
        let played = PlayedServer(Self.lies { ($0.signer, $0.notary) = (signer, signer) })
        let client = try played.client(signer: signer.publicKey)
        let challenge = try await client.authProxy.initOTP(to: PlayedServer.contact)
        #expect(challenge.id == "otp-1")
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await PlayedServer(Self.lies { $0.notary = signer }).proxySession(key, sessionKey: sessionKey)
        }
    }

    @Test("another key than the verification's is refused before anything is sent")
    func wrongKey() async throws {
        let played = PlayedServer()
        let verification = try await played.proxyVerification(key)
        let before = played.seen.sent.count
        let proxy = try played.client().authProxy
        await #expect(throws: CountersignError.code(.wrongKey)) {
            try await proxy.logIn(verification, key: sessionKey, sessionKey: sessionKey)
        }
        await #expect(throws: CountersignError.code(.wrongKey)) {
            try await proxy.signUp(PlayedServer.contact, verification, key: sessionKey)
        }
        #expect(played.seen.sent.count == before)
    }

    @Test("a stamp signs the exact bytes of a body with the session's key")
    func stamp() async throws {
        let session = try await PlayedServer().proxySession(key, sessionKey: sessionKey)
        let body = Data(#"{"organizationId":"x"}"#.utf8)
        let stamp = try JSONValue(parsing: Base64URL.decode(try await session.stamp(body, key: sessionKey)))
        #expect(stamp["scheme"]?.text == "SIGNATURE_SCHEME_TK_API_P256")
        #expect(stamp["publicKey"]?.text == sessionKey.publicKey.compressedHexadecimal)
        #expect(try sessionKey.point.isValidSignature(der: stamp.raw, for: Array(body)))
        await #expect(throws: CountersignError.code(.wrongKey)) { try await session.stamp(body, key: key) }
    }

    private static func lies(_ change: (inout PlayedServer.Lies) -> Void) -> PlayedServer.Lies {
        var lies = PlayedServer.Lies()
        change(&lies)
        return lies
    }
}

extension JSONValue {
    /// The member `signature`, in hexadecimal.
    fileprivate var raw: [UInt8] { self["signature"]?.text.flatMap { Hexadecimal.decode($0) } ?? [] }
}

extension InMemoryKey {
    fileprivate var point: P256PublicKey {
        get throws { try P256PublicKey(uncompressedHexadecimal: publicKey.hexadecimal) }
    }
}
