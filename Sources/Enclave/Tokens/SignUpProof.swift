import EnclaveLink
import JOSE

extension VerifiedClient {
    /// Checks that the token's key signed a sign-up with this token: `signupV2`, or from newer clients `signupV3`, which
    /// also says where.
    func check(signUp message: SignedMessage, in scope: TokenScope) throws(TokenFault) {
        let content = try signedObject(message)
        try checkUse("USAGE_TYPE_SIGNUP", in: content)
        if content["signupV2"]?.members != nil { return }
        guard let organization = content["signupV3"]?["parentOrganizationId"]?.text else { throw .proofMalformed }
        guard organization == scope.organization else { throw .proofForeign }
    }

    /// The JSON object that the token's key signed: the signature is over the received bytes, so it comes first.
    func signedObject(_ message: SignedMessage) throws(TokenFault) -> JSONValue {
        guard message.key == key else { throw .otherKey }
        guard message.isSigned else { throw .proofSignature }
        guard let content = try? JSONValue(parsing: message.message), content.members != nil else {
            throw .proofMalformed
        }
        return content
    }

    /// Checks that a signed message is for this token and this use of it.
    func checkUse(_ use: String, in content: JSONValue) throws(TokenFault) {
        guard let named = content["tokenId"]?.text, let type = content["type"]?.text else { throw .proofMalformed }
        guard named == token, type == use else { throw .proofForeign }
    }
}
