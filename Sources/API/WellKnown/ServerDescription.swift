import EnclaveLink
import JOSE
import Passcodes
import SealedPasscodes

/// What a client needs to know of this server to pin its enclave and to seal codes to it.
struct ServerDescription: Encodable {
    var issuer: String
    var keySetAddress: String
    /// Our own API.
    var api = Versions(name: "countersign", versions: ["v1"])
    /// The hosted services whose clients are understood.
    var dialects = [
        Versions(name: "otp-edge", versions: ["v1"]), Versions(name: "turnkey", versions: ["v1"]),
    ]
    var hpke = Suite()
    var signerKeys: SignerKeys
    /// Of test keys and sandboxes; for tests alone.
    var testSignerKeys: SignerKeys
    /// Statements of replaced keys about those after them, oldest first.
    var endorsements: [String]

    enum CodingKeys: String, CodingKey {
        case issuer
        case keySetAddress = "jwks_uri"
        case api, dialects, hpke
        case signerKeys = "signer_keys"
        case testSignerKeys = "test_signer_keys"
        case endorsements
    }

    struct Versions: Encodable {
        var name: String
        var versions: [String]
    }

    /// How an attempt is sealed, with the numbers of RFC 9180 §7.
    struct Suite: Encodable {
        var mode = "base"
        var kem = Algorithm(id: 0x0010, name: "DHKEM(P-256, HKDF-SHA256)")
        var kdf = Algorithm(id: 0x0001, name: "HKDF-SHA256")
        var aead = Algorithm(id: 0x0002, name: "AES-256-GCM")
        var info = SealedAttempt.information
        /// The additional data: the encapsulated key and the target's, as uncompressed points.
        var aad = "enc || pkR"

        struct Algorithm: Encodable {
            var id: Int
            var name: String
        }
    }

    /// The keys of one mode that clients pin.
    struct SignerKeys: Encodable {
        /// Signs target keys, and the Turnkey dialect's verification tokens.
        var enclave: Pair
        /// Signs the Turnkey dialect's sessions.
        var notary: Pair
    }

    struct Pair: Encodable {
        var current: Key
        /// Signs after the next rotation.
        var next: Key

        init(_ keys: PinnedKeys) throws(SealedPasscodeError) {
            current = try Key(keys.current)
            next = try Key(keys.next)
        }
    }

    struct Key: Encodable {
        /// The thumbprint (RFC 7638), which is the key's name in tokens.
        var kid: String
        /// The uncompressed point in hexadecimal.
        var point: String

        init(_ point: String) throws(SealedPasscodeError) {
            self.point = point
            kid = try P256PublicKey(uncompressedHexadecimal: point).thumbprint
        }
    }
}

extension ServerDescription {
    /// Throws `unavailable` before the keys are ready.
    init(_ rooms: Rooms) throws {
        let purposes = ChallengeMode.allCases.flatMap { [SigningKeyPurpose.enclave($0), .notary($0)] }
        var pinned: [SigningKeyPurpose: PinnedKeys] = [:]
        for purpose in purposes { pinned[purpose] = rooms.signingKeys.pinned(purpose) }
        func keys(_ mode: ChallengeMode) throws -> SignerKeys {
            guard let enclave = pinned[.enclave(mode)], let notary = pinned[.notary(mode)] else {
                throw Problem.unavailable
            }
            return SignerKeys(enclave: try Pair(enclave), notary: try Pair(notary))
        }
        self.init(
            issuer: rooms.issuer.name, keySetAddress: rooms.issuer.keySetAddress, signerKeys: try keys(.live),
            testSignerKeys: try keys(.test),
            endorsements: pinned.values.flatMap(\.endorsements).sorted { $0.createdAt < $1.createdAt }
                .map(\.statement))
    }
}
