import Encodings
import EnclaveLink
import JOSE
import Passcodes
import SealedPasscodes

extension SignUpWish {
    /// Reads the body of a sign-up. What would give its user another credential or a wallet is refused: nobody must
    /// believe to have one.
    init(signUp fields: WireObject) throws {
        guard !fields.isAbsent("verificationToken") else { throw TurnkeyError.verificationTokenMissing }
        for list in ["authenticators", "oauthProviders"] where !(try fields.objects(list, atMost: 100)).isEmpty {
            throw TurnkeyError.invalid(fields.name(list), "must be empty: there are none here")
        }
        guard fields.isAbsent("wallet") else {
            throw TurnkeyError.invalid("wallet", "must be absent: there are none here")
        }
        let keys = try fields.userKeys()
        let message = try fields.clientSignature("clientSignature")
        try Self.check(keys, against: message)
        self.init(
            token: try fields.verificationToken("verificationToken"), flow: .turnkey, message: message,
            contact: try fields.namedContact(), name: try fields.optionalText("userName", lengths: 0...400) ?? "",
            keys: keys)
    }

    /// Whoever carries the request must not be able to add a key of their own: the keys are those that the client signed.
    private static func check(_ keys: [UserKeyWish], against message: SignedMessage) throws(TurnkeyError) {
        let signed = try WireObject(body: message.message)
        let user: WireObject
        if let usage = try signed.optionalObject("signupV2") {
            user = usage
        } else {
            let users = try signed.optionalObject("signupV3")?.objects("rootUsers", atMost: 1)
            guard let only = users?.first else { throw TurnkeyError(TokenFault.proofMalformed) }
            user = only
        }
        guard try user.userKeys() == keys else { throw TurnkeyError(TokenFault.proofForeign) }
    }
}

extension WireObject {
    /// The P-256 keys that the user registers.
    fileprivate func userKeys() throws(TurnkeyError) -> [UserKeyWish] {
        var keys: [UserKeyWish] = []
        for key in try objects("apiKeys", atMost: SignUpWish.keyLimit) {
            guard try key.text("curveType") == "API_KEY_CURVE_P256" else {
                throw .invalid(key.name("curveType"), "must be API_KEY_CURVE_P256")
            }
            keys.append(
                UserKeyWish(
                    name: try key.text("apiKeyName", lengths: 1...400), key: try key.publicKey("publicKey"),
                    lifetime: try key.number("expirationSeconds", UserKeyWish.lifetimes)))
        }
        return keys
    }

    /// The contact that a sign-up names beside the one of its token; nil if it names none.
    fileprivate func namedContact() throws -> Contact? {
        let named = ["userEmail", "userPhoneNumber"].filter { !isAbsent($0) }
        guard named.count <= 1 else {
            throw TurnkeyError.invalid("userPhoneNumber", "must be absent beside userEmail: one contact was verified")
        }
        return try named.first.map { try contact($0) }
    }
}

extension TurnkeyError {
    static let verificationTokenMissing = TurnkeyError(
        .unauthenticated, .tokenMissing, "looking up or creating an account by contact needs a verificationToken")
}
