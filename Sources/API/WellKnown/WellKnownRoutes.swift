import HTTPServer
import Passcodes

/// What anyone may fetch: the key sets and where they are.
struct WellKnownRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, "/.well-known/jwks.json") { _ in keySet(rooms.signingKeys.keySet) }
        try router.on(.GET, "/.well-known/jwks-test.json") { _ in keySet(rooms.signingKeys.testKeySet) }
        try router.on(.GET, "/.well-known/oauth-authorization-server") { _ in try metadata() }
        try router.on(.GET, "/.well-known/countersign") { _ in description() }
    }

    /// RFC 7517 §5. A verifier may keep the set for as long as a next key is published before it signs.
    private func keySet(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [
                "Content-Type": "application/jwk-set+json",
                "Cache-Control": "public, max-age=\(SigningKeys.cacheLifetime)",
            ],
            body: .bytes(Array(text.utf8)))
    }

    private struct Metadata: Encodable {
        var issuer: String
        var keySetAddress: String
        /// Required by RFC 8414 §2; no OAuth grant is served here.
        var responseTypesSupported: [String] = []

        enum CodingKeys: String, CodingKey {
            case issuer
            case keySetAddress = "jwks_uri"
            case responseTypesSupported = "response_types_supported"
        }
    }

    /// RFC 8414 §3.
    private func metadata() throws -> Response {
        try Response.json(
            Metadata(
                issuer: rooms.issuer.name, keySetAddress: rooms.issuer.keySetAddress),
            headers: Self.cached)
    }

    private func description() -> Response {
        guard let answer = try? Response.json(ServerDescription(rooms), headers: Self.cached) else {
            return Problem.unavailable.response
        }
        return answer
    }

    private static let cached: HeaderFields = ["Cache-Control": "public, max-age=\(SigningKeys.cacheLifetime)"]
}
