import Encodings
import JOSE
import SealedPasscodes

/// The public half of the key that signed what in the corpora is signed. Nobody has the other half any more: whatever else
/// verifies under it is a hole.
enum KnownKey {
    static let x = "83b4e1f5573cc4bc3afa3c8929a06e9f2a06754e03434a1ac9b40a8fb7304083"
    static let y = "0be2c7bb4405099e4620407260fe0c039e33089aaacd239c3c36e461b4ce87ce"

    static func point() throws -> P256PublicKey {
        try P256PublicKey(uncompressedHexadecimal: "04" + x + y)
    }

    static func keySet() throws -> JSONWebKeySet {
        guard let x = Hexadecimal.decode(x), let y = Hexadecimal.decode(y) else {
            throw BrokenPromise(description: "key")
        }
        return try JSONWebKeySet([JSONWebKey(p256X: x, y: y, identifier: "known")])
    }

    /// When what it signed is alive, Unix seconds.
    static let now: Int64 = 1_800_000_000
}
