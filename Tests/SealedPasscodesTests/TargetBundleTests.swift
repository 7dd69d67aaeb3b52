import Encodings
import SealedPasscodes
import Testing

@Suite("target bundles")
struct TargetBundleTests {
    private let signer = TestKey()
    private let pinned: P256PublicKey
    private let content: TargetBundle.Content
    private let bundle: TargetBundle

    init() throws {
        pinned = try signer.publicKey
        content = TargetBundle.Content(
            target: try TestKey().publicKey, organization: "org-1", challenge: "ch_1", expiresAt: 1_800_000_300_000)
        bundle = try Self.bundle(content.json, signedBy: signer)
    }

    private static func bundle(_ data: [UInt8], signedBy signer: TestKey) throws -> TargetBundle {
        TargetBundle(data: data, signature: try signer.der(data), signer: try signer.publicKey)
    }

    private func verified(_ bundle: TargetBundle, now: Int64 = 1_800_000_000_000) throws -> TargetBundle.Content {
        try bundle.verified(pinned: pinned, challenge: "ch_1", now: now)
    }

    /// The bundle's text with one field replaced.
    private func text(_ field: String, _ value: String) -> String {
        let fields = [
            ("version", "v1.0.0"), ("data", Hexadecimal.encode(bundle.data)),
            ("dataSignature", Hexadecimal.encode(bundle.signature)),
            ("enclaveQuorumPublic", pinned.uncompressedHexadecimal),
        ]
        let members = fields.map { #""\#($0.0)":"\#($0.0 == field ? value : $0.1)""# }
        return "{\(members.joined(separator: ","))}"
    }

    @Test("a bundle that was written reads back, and says what was signed")
    func roundTrip() throws {
        let read = try TargetBundle(text: bundle.text)
        #expect(read == bundle)
        #expect(try verified(read) == content)
    }

    @Test("the order of a bundle's members and those that nobody knows do not matter")
    func order() throws {
        let key = pinned.uncompressedHexadecimal
        let data = Hexadecimal.encode(bundle.data)
        let signature = Hexadecimal.encode(bundle.signature)
        let text = """
            {"new":{"a":[1]}, "enclaveQuorumPublic":"\(key)","dataSignature":"\(signature)","data":"\(data)",
            "version":"v1.0.0"}
            """
        #expect(try TargetBundle(text: text) == bundle)
    }

    @Test("a bundle of another signer is refused, even one that is rightly signed")
    func otherSigner() throws {
        let other = TestKey()
        #expect(throws: SealedPasscodeError(.wrongSigner)) { try verified(Self.bundle(content.json, signedBy: other)) }
        let claimed = TargetBundle(data: bundle.data, signature: try other.der(bundle.data), signer: pinned)
        #expect(throws: SealedPasscodeError(.signatureInvalid)) { try verified(claimed) }
    }

    @Test("a signature in r‖s, cut, of other data or empty is refused")
    func signature() throws {
        for signature in [
            try signer.raw(bundle.data), Array(bundle.signature.dropLast()), bundle.signature + [0],
            try signer.der(bundle.data + [32]), [],
        ] {
            let changed = TargetBundle(data: bundle.data, signature: signature, signer: pinned)
            #expect(throws: SealedPasscodeError(.signatureInvalid)) { try verified(changed) }
        }
        for position in bundle.data.indices {
            var data = bundle.data
            data[position] ^= 1
            let changed = TargetBundle(data: data, signature: bundle.signature, signer: pinned)
            #expect(throws: SealedPasscodeError(.signatureInvalid)) { try verified(changed) }
        }
    }

    @Test("a bundle of another challenge is refused")
    func otherChallenge() {
        #expect(throws: SealedPasscodeError(.wrongChallenge)) {
            try bundle.verified(pinned: pinned, challenge: "ch_2", now: 1_800_000_000_000)
        }
    }

    @Test("a bundle dies with its challenge, to the millisecond")
    func expiry() throws {
        #expect(try verified(bundle, now: content.expiresAt - 1) == content)
        #expect(throws: SealedPasscodeError(.expired)) { try verified(bundle, now: content.expiresAt) }
    }

    @Test("another version is refused", arguments: ["", "v1.0.1", "v2.0.0", "V1.0.0"])
    func version(version: String) {
        #expect(throws: SealedPasscodeError(.unknownVersion)) { try TargetBundle(text: text("version", version)) }
    }

    @Test("a field that is no hexadecimal is refused", arguments: ["data", "dataSignature", "enclaveQuorumPublic"])
    func hexadecimal(field: String) {
        let expected: SealedPasscodeError.Code = field == "enclaveQuorumPublic" ? .malformedPoint : .malformedBundle
        for value in ["0", "zz", "0x04", "AA=="] {
            #expect(throws: SealedPasscodeError(expected)) { try TargetBundle(text: text(field, value)) }
        }
    }

    @Test("a signer's key that is compressed, beside the curve or of another curve is refused")
    func signerKey() {
        let beside = Hexadecimal.encode(Curve.beside(pinned.uncompressed))
        for (value, code) in [
            (pinned.compressedHexadecimal, .compressedPoint), (beside, .malformedPoint),
            (Hexadecimal.encode(Curve.ofP384), .malformedPoint), ("", .malformedPoint),
        ] as [(String, SealedPasscodeError.Code)] {
            #expect(throws: SealedPasscodeError(code)) {
                try TargetBundle(text: text("enclaveQuorumPublic", value))
            }
        }
    }

    @Test("what is not the object is refused: cut, a list, a member missing, twice or of another type")
    func shape() {
        let whole = Array(bundle.text)
        for length in stride(from: 0, to: whole.count, by: 7) {
            #expect(throws: SealedPasscodeError(.malformedBundle)) {
                try TargetBundle(text: String(whole.prefix(length)))
            }
        }
        let twice = String(bundle.text.dropLast()) + #","version":"v1.0.0"}"#
        for text in [
            "[]", "\"\"", "{}", "[\(bundle.text)]", bundle.text + "{}", twice,
            bundle.text.replacing("\"data\"", with: "\"date\""), bundle.text.replacing("\"v1.0.0\"", with: "1"),
        ] {
            #expect(throws: SealedPasscodeError(.malformedBundle)) { try TargetBundle(text: text) }
        }
    }

    @Test("signed content that is not what it should be is refused, each fault by its name")
    func signedContent() throws {
        let target = content.target
        func json(_ target: String, _ rest: String) -> String {
            #"{"targetPublic":"\#(target)","organizationId":"org-1","userId":"",\#(rest)}"#
        }
        let rest = #""otpId":"ch_1","expiresAtMs":"1800000300000""#
        let faults: [(String, SealedPasscodeError.Code)] = [
            (json(target.compressedHexadecimal, rest), .compressedPoint),
            (json(Hexadecimal.encode(Curve.beside(target.uncompressed)), rest), .malformedPoint),
            (json(Hexadecimal.encode(Curve.ofP384), rest), .malformedPoint),
            (json(target.uncompressedHexadecimal, #""otpId":"ch_1""#), .malformedBundle),
            (json(target.uncompressedHexadecimal, #""otpId":"ch_1","expiresAtMs":1800000300000"#), .malformedBundle),
            (json(target.uncompressedHexadecimal, #""otpId":"ch_1","expiresAtMs":"soon""#), .malformedBundle),
            (json(target.uncompressedHexadecimal, #""otpId":7,"expiresAtMs":"1800000300000""#), .malformedBundle),
            ("not JSON", .malformedBundle),
        ]
        for (json, code) in faults {
            let bundle = try Self.bundle(Array(json.utf8), signedBy: signer)
            #expect(throws: SealedPasscodeError(code)) { try verified(bundle) }
        }
    }
}
