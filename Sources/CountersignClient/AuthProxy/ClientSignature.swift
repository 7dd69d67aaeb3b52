import Foundation

internal import Encodings

/// The Turnkey dialect's proof that a verification token's key holder wants something: a JSON message, signed over its
/// exact bytes.
struct ClientSignature: Encodable, Sendable {
    var publicKey: String
    var scheme = "CLIENT_SIGNATURE_SCHEME_API_P256"
    var message: String
    /// r‖s as 128 hexadecimal digits.
    var signature: String

    /// - Throws: `wrongKey`, `keyUnavailable`.
    init(
        _ usage: some Encodable & Sendable, _ verification: ProxyVerification, _ key: some ClientKey
    ) async throws(CountersignError) {
        try verification.check(key)
        let message = Wire.camelCase.encode(usage)
        publicKey = key.publicKey.compressedHexadecimal
        self.message = String(decoding: message, as: UTF8.self)
        signature = Hexadecimal.encode(try await key.sign(Array(message)))
    }
}

/// What a login signs.
struct LoginUsage: Encodable, Sendable {
    struct Login: Encodable, Sendable {
        var publicKey: String
    }
    var login: Login
    var tokenId: String
    var type = "USAGE_TYPE_LOGIN"
}

/// What a sign-up signs.
struct SignUpUsage: Encodable, Sendable {
    var signupV2: SignUpContent
    var tokenId: String
    var type = "USAGE_TYPE_SIGNUP"
}

/// Keys and contact of a new user. The lists are empty: nobody but sessions stamps for users that this client makes.
struct SignUpContent: Encodable, Sendable {
    var email: String?
    var phoneNumber: String?
    var apiKeys: [String] = []
    var authenticators: [String] = []
    var oauthProviders: [String] = []

    init(contact: String) {
        if contact.contains("@") { email = contact } else { phoneNumber = contact }
    }
}
