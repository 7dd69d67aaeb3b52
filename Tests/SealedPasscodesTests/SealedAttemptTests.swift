import Crypto
import Encodings
import Foundation
import SealedPasscodes
import Testing

@Suite("sealed attempts")
struct SealedAttemptTests {
    private let secret = P256.KeyAgreement.PrivateKey()
    private let target: P256PublicKey
    private let client: P256PublicKey

    init() throws {
        target = try P256PublicKey(point: Array(secret.publicKey.x963Representation))
        client = try TestKey().publicKey
    }

    private func sealed(_ code: String = "123456") throws -> SealedAttempt {
        try SealedAttempt.seal(AttemptContent(code: code, publicKey: client), to: target)
    }

    /// Seals any text as a client would.
    private func sealed(content: String) throws -> SealedAttempt {
        var sender = try HPKE.Sender(
            recipientKey: secret.publicKey, ciphersuite: .P256_SHA256_AES_GCM_256, info: Data("turnkey_hpke".utf8))
        let encapsulated = Array(sender.encapsulatedKey)
        let ciphertext = try sender.seal(Data(content.utf8), authenticating: Data(encapsulated + target.uncompressed))
        return try SealedAttempt(
            encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
    }

    @Test("an attempt opens with the key that it was sealed to, and says code and client key")
    func roundTrip() throws {
        let opened = try SealedAttempt(bundle: sealed().bundle).open(with: secret)
        #expect(opened.code == "123456")
        #expect(opened.publicKey == client)
        #expect(throws: SealedPasscodeError(.notOpened)) { try sealed().open(with: P256.KeyAgreement.PrivateKey()) }
    }

    @Test("an attempt sealed by hand, from the formulas of RFC 9180 alone, opens")
    func byHand() throws {
        let ephemeral = P256.KeyAgreement.PrivateKey()
        let encapsulated = Array(ephemeral.publicKey.x963Representation)
        let shared = try ephemeral.sharedSecretFromKeyAgreement(with: secret.publicKey).withUnsafeBytes { Array($0) }
        let schedule = HandMadeHPKE(
            sharedPoint: shared, context: encapsulated + target.uncompressed, information: Array("turnkey_hpke".utf8))
        let content = #"{"public_key":"\#(client.compressedHexadecimal)","otp_code":"7QJ4Z0XYK"}"#
        let box = try AES.GCM.seal(
            Array(content.utf8), using: schedule.key, nonce: AES.GCM.Nonce(data: schedule.nonce),
            authenticating: encapsulated + target.uncompressed)
        let attempt = try SealedAttempt(
            encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(box.ciphertext + box.tag))
        let opened = try attempt.open(with: secret)
        #expect(opened.code == "7QJ4Z0XYK" && opened.publicKey == client)
    }

    @Test("an attempt that was changed in any byte, or whose key was exchanged, does not open")
    func changed() throws {
        let sealed = try sealed()
        for position in sealed.ciphertext.indices {
            var ciphertext = sealed.ciphertext
            ciphertext[position] ^= 1
            let changed = try SealedAttempt(encapsulatedKey: sealed.encapsulatedKey, ciphertext: ciphertext)
            #expect(throws: SealedPasscodeError(.notOpened)) { try changed.open(with: secret) }
        }
        let exchanged = try SealedAttempt(encapsulatedKey: client, ciphertext: sealed.ciphertext)
        #expect(throws: SealedPasscodeError(.notOpened)) { try exchanged.open(with: secret) }
        let cut = try SealedAttempt(
            encapsulatedKey: sealed.encapsulatedKey, ciphertext: Array(sealed.ciphertext.dropLast()))
        #expect(throws: SealedPasscodeError(.notOpened)) { try cut.open(with: secret) }
    }

    @Test("another info, other additional data, the second message of a sender or another suite does not open")
    func otherContext() throws {
        let content = Data(#"{"otp_code":"1","public_key":"\#(client.compressedHexadecimal)"}"#.utf8)
        func attempt(
            _ suite: HPKE.Ciphersuite = .P256_SHA256_AES_GCM_256, information: String = "turnkey_hpke",
            skipping: Int = 0, additional: (([UInt8]) -> [UInt8])? = nil
        ) throws -> SealedAttempt {
            var sender = try HPKE.Sender(
                recipientKey: secret.publicKey, ciphersuite: suite, info: Data(information.utf8))
            let encapsulated = Array(sender.encapsulatedKey)
            let data = Data(additional?(encapsulated) ?? encapsulated + target.uncompressed)
            for _ in 0..<skipping { _ = try sender.seal(content, authenticating: data) }
            let ciphertext = try sender.seal(content, authenticating: data)
            return try SealedAttempt(encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
        }
        #expect(try attempt().open(with: secret).code == "1")
        for other in [
            try attempt(information: ""), try attempt(information: "turnkey_hpke2"), try attempt(skipping: 1),
            try attempt(additional: { _ in [] }), try attempt(additional: { $0 }),
            try attempt(additional: { [target] in target.uncompressed + $0 }),
            try attempt(
                HPKE.Ciphersuite(kem: .P256_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_128)),
            try attempt(HPKE.Ciphersuite(kem: .P256_HKDF_SHA256, kdf: .HKDF_SHA512, aead: .AES_GCM_256)),
        ] {
            #expect(throws: SealedPasscodeError(.notOpened)) { try other.open(with: secret) }
        }
    }

    @Test("sealed content that is not code and key is refused, each fault by its name")
    func content() throws {
        let key = client.compressedHexadecimal
        let beside = Hexadecimal.encode([2] + Curve.prime)
        for (content, code) in [
            (" ", .malformedContent), ("not JSON", .malformedContent), ("[]", .malformedContent),
            (#"{"otp_code":"1"}"#, .malformedContent), (#"{"public_key":"\#(key)"}"#, .malformedContent),
            (#"{"otp_code":1,"public_key":"\#(key)"}"#, .malformedContent),
            (#"{"otp_code":"1","otp_code":"2","public_key":"\#(key)"}"#, .malformedContent),
            (#"{"otp_code":"1","public_key":"\#(key)"} "# + "x", .malformedContent),
            (#"{"otp_code":"1","public_key":"\#(client.uncompressedHexadecimal)"}"#, .uncompressedPoint),
            (#"{"otp_code":"1","public_key":"\#(beside)"}"#, .malformedPoint),
            (#"{"otp_code":"1","public_key":"\#(key.dropLast())"}"#, .malformedPoint),
            (#"{"otp_code":"1","public_key":""}"#, .malformedPoint),
        ] as [(String, SealedPasscodeError.Code)] {
            #expect(throws: SealedPasscodeError(code)) { try sealed(content: content).open(with: secret) }
        }
        let known = #"{"new":[1],"public_key":"\#(key.uppercased())","otp_code":"1"}"#
        #expect(try sealed(content: known).open(with: secret).publicKey == client)
    }

    @Test("the order of a bundle's members does not matter, its form does")
    func bundle() throws {
        let sealed = try sealed()
        let key = sealed.encapsulatedKey
        let ciphertext = Hexadecimal.encode(sealed.ciphertext)
        func text(_ key: String, _ ciphertext: String) -> String {
            #"{"ciphertext":"\#(ciphertext)","encappedPublic":"\#(key)"}"#
        }
        #expect(try SealedAttempt(bundle: text(key.uncompressedHexadecimal, ciphertext)) == sealed)
        let faults: [(String, SealedPasscodeError.Code)] = [
            (text(key.compressedHexadecimal, ciphertext), .compressedPoint),
            (text(Hexadecimal.encode(Curve.beside(key.uncompressed)), ciphertext), .malformedPoint),
            (text(Hexadecimal.encode(Curve.ofP384), ciphertext), .malformedPoint),
            (text("00", ciphertext), .malformedPoint), (text("", ciphertext), .malformedPoint),
            (text(key.uncompressedHexadecimal, ""), .malformedBundle),
            (text(key.uncompressedHexadecimal, "zz"), .malformedBundle),
            (text(key.uncompressedHexadecimal, String(ciphertext.dropLast())), .malformedBundle),
            (text(key.uncompressedHexadecimal, String(repeating: "0", count: 32)), .malformedBundle),
            (text(key.uncompressedHexadecimal, String(repeating: "0", count: 1026)), .malformedBundle),
            ("{}", .malformedBundle), ("", .malformedBundle), (sealed.bundle + " 1", .malformedBundle),
            (#"{"encappedPublic":4,"ciphertext":"00"}"#, .malformedBundle),
        ]
        for (text, code) in faults {
            #expect(throws: SealedPasscodeError(code)) { try SealedAttempt(bundle: text) }
        }
    }

    @Test("an attempt's content shows neither code nor key when it is printed or dumped")
    func redacted() {
        let content = AttemptContent(code: "314159", publicKey: client)
        var dumped = ""
        dump(content, to: &dumped)
        for text in ["\(content)", String(reflecting: content), dumped] { #expect(!text.contains("314159")) }
    }
}

/// RFC 9180's key schedule for DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM in base mode, from HMAC alone
/// (§4, §4.1, §5.1).
private struct HandMadeHPKE {
    let key: SymmetricKey
    let nonce: [UInt8]

    init(sharedPoint: [UInt8], context: [UInt8], information: [UInt8]) {
        let kem = Array("KEM".utf8) + [0, 0x10]
        let suite = Array("HPKE".utf8) + [0, 0x10, 0, 1, 0, 2]
        let agreed = Self.extract(salt: [], "eae_prk", sharedPoint, suite: kem)
        let shared = Self.expand(agreed, "shared_secret", context, length: 32, suite: kem)
        let identifier = Self.extract(salt: [], "psk_id_hash", [], suite: suite)
        let digest = Self.extract(salt: [], "info_hash", information, suite: suite)
        let secret = Self.extract(salt: shared, "secret", [], suite: suite)
        let schedule = [0] + identifier + digest
        key = SymmetricKey(data: Self.expand(secret, "key", schedule, length: 32, suite: suite))
        nonce = Self.expand(secret, "base_nonce", schedule, length: 12, suite: suite)
    }

    private static func extract(salt: [UInt8], _ label: String, _ material: [UInt8], suite: [UInt8]) -> [UInt8] {
        let labeled = Array("HPKE-v1".utf8) + suite + Array(label.utf8) + material
        return Array(HMAC<SHA256>.authenticationCode(for: labeled, using: SymmetricKey(data: salt)))
    }

    private static func expand(
        _ secret: [UInt8], _ label: String, _ information: [UInt8], length: UInt8, suite: [UInt8]
    ) -> [UInt8] {
        let labeled = [0, length] + Array("HPKE-v1".utf8) + suite + Array(label.utf8) + information + [1]
        let block = HMAC<SHA256>.authenticationCode(for: labeled, using: SymmetricKey(data: secret))
        return Array(block.prefix(Int(length)))
    }
}
