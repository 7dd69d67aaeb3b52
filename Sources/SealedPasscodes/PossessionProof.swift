import Crypto
import Encodings
import JOSE

/// A DPoP proof: whoever sends a request holds the key that a token is bound to (RFC 9449 §4.2, ES256 only).
public struct PossessionProof: Equatable, Sendable {
    /// Seconds that a proof is good for, before and after its `iat`: clients' clocks differ.
    public static let window: Int64 = 60
    /// Bytes of a proof, at most.
    public static let maximumLength = 4096

    public let key: P256PublicKey
    /// `jti`: whoever accepts a proof accepts it once.
    public let identifier: String
    /// `iat`, Unix seconds.
    public let issuedAt: Int64
    let method: String
    let address: String
    let tokenDigest: String?

    /// What a proof has to prove.
    public struct Expectation: Sendable {
        public var method: String
        /// The request's address without query, in every spelling under which the server is known.
        public var addresses: [String]
        /// The access token that the proof must name; nil where none is sent along.
        public var token: String?

        public init(method: String, addresses: [String], token: String?) {
            self.method = method
            self.addresses = addresses
            self.token = token
        }
    }

    /// Reads a proof whose signature holds.
    /// - Throws: `malformedProof`, `signatureInvalid`.
    public init(_ compact: String) throws(SealedPasscodeError) {
        let text = Array(compact.utf8)
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard compact.utf8.count <= Self.maximumLength, parts.count == 3,
            let header = try? JSONValue(parsing: Base64URL.decode(parts[0])),
            let claims = try? JSONValue(parsing: Base64URL.decode(parts[1])),
            let signature = try? Base64URL.decode(parts[2]), let key = Self.key(header)
        else { throw SealedPasscodeError(.malformedProof) }
        guard let identifier = claims["jti"]?.text, (1...128).contains(identifier.utf8.count),
            let method = claims["htm"]?.text, let address = claims["htu"]?.text,
            case .integer(let issuedAt)? = claims["iat"]
        else { throw SealedPasscodeError(.malformedProof) }
        guard key.isValidSignature(raw: signature, for: Array(text[..<parts[1].endIndex])) else {
            throw SealedPasscodeError(.signatureInvalid)
        }
        self.key = key
        self.identifier = identifier
        self.issuedAt = issuedAt
        self.method = method
        self.address = address
        tokenDigest = claims["ath"]?.text
    }

    /// Checks what the proof is for (RFC 9449 §4.3). Whether it was seen before is for the caller to know.
    /// - Parameter now: Unix seconds.
    /// - Throws: `wrongMethod`, `wrongAddress`, `wrongToken`, `expired`.
    public func check(_ expectation: Expectation, now: Int64) throws(SealedPasscodeError) {
        guard method == expectation.method else { throw SealedPasscodeError(.wrongMethod) }
        let address = Self.comparable(address)
        guard expectation.addresses.contains(where: { Self.comparable($0) == address }) else {
            throw SealedPasscodeError(.wrongAddress)
        }
        guard tokenDigest == expectation.token.map(Self.digest) else { throw SealedPasscodeError(.wrongToken) }
        guard issuedAt >= now - Self.window, issuedAt <= now + Self.window else { throw SealedPasscodeError(.expired) }
    }

    /// `ath`: the base64url SHA-256 of an access token.
    public static func digest(_ token: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(token.utf8))))
    }

    /// The bytes that a client signs for a proof.
    public static func signingInput(
        key: P256PublicKey, method: String, address: String, token: String?, identifier: String, issuedAt: Int64
    ) -> [UInt8] {
        let digest = token.map { #","ath":"\#(Self.digest($0))""# } ?? ""
        return JSONWebSignature.signingInput(
            header: #"{"typ":"dpop+jwt","alg":"ES256","jwk":\#(key.jsonWebKey)}"#,
            payload: """
                {"jti":\(JSONText.quoted(identifier)),"htm":\(JSONText.quoted(method)),\
                "htu":\(JSONText.quoted(address)),"iat":\(issuedAt)\(digest)}
                """)
    }

    private static func key(_ header: JSONValue) -> P256PublicKey? {
        guard header["typ"]?.text == "dpop+jwt", header["alg"]?.text == "ES256", header["crit"] == nil,
            let jwk = header["jwk"], let key = try? JSONWebKey(jwk)
        else { return nil }
        return try? P256PublicKey(key)
    }

    /// Without query and fragment; scheme and host in lower case (RFC 9449 §4.3, RFC 3986 §6.2.2.1).
    private static func comparable(_ address: String) -> String {
        let bare = address.prefix { $0 != "?" && $0 != "#" }
        guard let authority = bare.range(of: "://") else { return String(bare) }
        let path = bare[authority.upperBound...].firstIndex(of: "/") ?? bare.endIndex
        return bare[..<path].lowercased() + bare[path...]
    }
}

extension Substring {
    fileprivate func range(of word: String) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            if self[start...].hasPrefix(word) { return start..<index(start, offsetBy: word.count) }
            start = index(after: start)
        }
        return nil
    }
}
