import Fixtures
import JOSE
import Permissions
import Testing

@Suite("Agent OTP: signed tokens")
struct SignedTokenRouteTests {
    @Test("an agent asks for a signed token, a service checks it by the key set and redeems it once")
    func redeemed() async throws {
        let server = try await TestServer()
        let workspace = server.workspace
        let agent = try await server.permissions.agents.create(
            AgentProfile(name: "Robot"), workspace: workspace.id, mode: .test, origin: .system)
        let key = agent.key.secret.text
        let body = #"{"action":"bank.transfer","scope":{"max_amount":5},"tokenFormat":"jwt"}"#
        let asked = await server.call(.POST, "/api/v1/permissions/request", key: key, body: body)
        #expect(asked.status == 201)
        let answer = try #require(asked.json?["data"])
        let (id, token) = (try #require(answer["id"]?.text), try #require(answer["token"]?.text))

        let keySet = await server.call(.GET, "/.well-known/jwks.json")
        let keys = try JSONWebKeySet(json: Array(keySet.text.utf8))
        let verified = try JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(token)
        #expect(verified.header.isOfType("permission+jwt"))

        let uses = [
            #"{"token":"\#(token)","actionDetails":{"amount":6}}"#, #"{"token":"\#(token)"}"#,
            #"{"token":"\#(token)"}"#,
        ]
        var outcomes: [JSONValue?] = []
        for use in uses {
            let used = await server.call(.POST, "/api/v1/permissions/\(id)/use", key: key, body: use)
            outcomes.append(used.json?["data"]?["success"])
        }
        #expect(outcomes == [.boolean(false), .boolean(true), .boolean(false)])
    }

    @Test("a format that nobody knows is named")
    func unknownFormat() async throws {
        let server = try await TestServer()
        let agent = try await server.permissions.agents.create(
            AgentProfile(name: "Robot"), workspace: server.workspace.id, mode: .test, origin: .system)
        let asked = await server.call(
            .POST, "/api/v1/permissions/request", key: agent.key.secret.text,
            body: #"{"action":"a.b","tokenFormat":"saml"}"#)
        #expect(asked.status == 422 && asked.json?["error"]?["details"]?["tokenFormat"] != nil)
    }
}
