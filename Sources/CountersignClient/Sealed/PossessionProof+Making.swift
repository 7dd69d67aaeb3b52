import Foundation

internal import JOSE
internal import SealedPasscodes

extension ClientKey {
    /// A fresh DPoP proof for one request (RFC 9449 §4.2).
    /// - Parameter token: the token that goes along, and that the proof names.
    /// - Throws: `keyUnavailable`.
    func possessionProof(
        method: String, url: URL, token: Secret, in surroundings: Surroundings
    ) async throws(CountersignError) -> String {
        let input = PossessionProof.signingInput(
            key: publicKey.point, method: method, address: url.withoutQuery, token: token.reveal(),
            identifier: surroundings.identifier(), issuedAt: Int64(surroundings.now().timeIntervalSince1970))
        return JSONWebSignature.assemble(signingInput: input, signature: try await sign(input))
    }
}

extension URL {
    /// `htu`: without query and fragment (RFC 9449 §4.2).
    fileprivate var withoutQuery: String { String(absoluteString.prefix { $0 != "?" && $0 != "#" }) }
}
