import Fixtures
import HTTPServer
import SealedPasscodes
import Testing

/// What only the auth proxy has.
extension TurnkeyParty {
    func proxy(_ name: String, _ body: String, headers more: [(String, String)] = []) async -> TestServer.Answer {
        await server.call(.POST, "/v1/\(name)", headers: headers + more, body: body, peer: peer)
    }

    /// - Parameters:
    ///   - keys: the list of keys in the body.
    ///   - signed: what the client signs instead of the same.
    func signUp(
        _ token: String, keys: String = "[]", signed: String? = nil, more: String = ""
    ) async throws -> TestServer.Answer {
        let content = signed ?? #"{"apiKeys":\#(keys),"authenticators":[],"oauthProviders":[]}"#
        let message =
            #"{"signupV2":\#(content),"tokenId":"\#(try Self.claims(token, "id"))","type":"USAGE_TYPE_SIGNUP"}"#
        return try await signUp(token, message: message, keys: keys, more: more)
    }

    func signUp(_ token: String, message: String, keys: String, more: String = "") async throws -> TestServer.Answer {
        await proxy(
            "signup_v2",
            """
            {"apiKeys":\(keys),"authenticators":[],"oauthProviders":[],"verificationToken":"\(token)",\
            "clientSignature":\(try clientSignature(message))\(more)}
            """)
    }

    func account(_ contact: String, token: String?) async -> TestServer.Answer {
        let type = contact.contains("@") ? "EMAIL" : "PHONE_NUMBER"
        let rest = token.map { #","verificationToken":"\#($0)""# } ?? ""
        return await proxy("account", #"{"filterType":"\#(type)","filterValue":"\#(contact)"\#(rest)}"#)
    }

    /// A user with the contact, made by the auth proxy. The client's key is bound to the token that comes back, which
    /// still serves a login.
    @discardableResult
    func makeUser(_ contact: String = "ada@example.com") async throws -> String {
        var visitor = try Self.visitor(server)
        visitor.client = client
        let token = try await visitor.prove(contact)
        let answer = try await visitor.signUp(token)
        #expect(answer.status == 200, "\(answer.text)")
        return token
    }
}
