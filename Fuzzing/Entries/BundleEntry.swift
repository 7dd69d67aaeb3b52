import JOSE
import SealedPasscodes

/// What enclave and clients of sealed passcodes send each other.
///
/// Promises: what is read is written as something that reads the same; only what the known key signed verifies.
enum BundleEntry {
    static let challenge = "ch_1"
    static var targetPayload: String {
        let jwk =
            #"{"kty":"EC","crv":"P-256","x":"DqVSbYsoNMFa6uF8zwQnQhWaBtxgXJcQJGyI_vKV_nI","y":"fwRoFl3i6-5EtJ1aPQWkEGxRp9gbngABbnQTdJu9DCM"}"#
        return #"{"iss":"https://id.example.com","sub":"ch_1","aud":"ws_1","exp":1800000600,"jwk":\#(jwk)}"#
    }

    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let pinned = try KnownKey.point()
        let now = KnownKey.now * 1000
        if let bundle = try? TargetBundle(text: text) {
            try promise(try TargetBundle(text: bundle.text) == bundle, "a bundle reads as another")
            if let content = try? bundle.verified(pinned: pinned, challenge: challenge, now: now) {
                try promise(content.organization == "ws_1", "content that nobody signed")
            }
        }
        if let content = try? TargetBundle.Content(json: bytes) {
            try promise(try TargetBundle.Content(json: content.json) == content, "a content reads as another")
        }
        if let token = try? TargetToken(text, pinned: pinned, challenge: challenge, now: now) {
            try promise(token.content.organization == "ws_1", "content that nobody signed")
        }
        if let content = try? AttemptContent(json: bytes) { _ = content.code }
        if let attempt = try? SealedAttempt(bundle: text) {
            try promise(try SealedAttempt(bundle: attempt.bundle) == attempt, "an attempt reads as another")
        }
        for key in [try? P256PublicKey(compressedHexadecimal: text), try? P256PublicKey(uncompressedHexadecimal: text)]
        {
            guard let key else { continue }
            let same = try P256PublicKey(compressedHexadecimal: key.compressedHexadecimal)
            try promise(same == key, "a point reads as another")
        }
    }
}
