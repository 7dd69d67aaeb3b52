import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Identity token claims")
struct TokenClaimTests {
    private static func claims(
        _ installation: Installation, _ workspace: Workspace, to contact: String, channel: Channel? = nil
    ) async throws -> JSONWebTokenClaims {
        try await installation.send(workspace, to: contact, channel: channel)
        let code = try #require(installation.mail.codes.last)
        let token = try await installation.token(contact, code: code, workspace).value
        let payload = token.split(separator: ".")[1]
        return try JSONWebTokenClaims(json: try Base64URL.decode(String(payload)))
    }

    @Test(
        "amr and acr say how the contact was proven, and nothing says more (NIST SP 800-63B)",
        arguments: [
            (Channel.sms, "sms", "urn:countersign:acr:telephone"), (.voice, "tel", "urn:countersign:acr:telephone"),
            (.whatsapp, "whatsapp", "urn:countersign:acr:messenger"),
        ])
    func phoneLabels(channel: Channel, method: String, reference: String) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let claims = try await Self.claims(installation, workspace, to: Installation.number, channel: channel)
        #expect(claims["amr"] == .array([.string("otp"), .string(method)]))
        #expect(claims["acr"] == .string(reference))
        #expect(claims["email"] == nil && claims["test"] == nil)
    }

    @Test("an e-mail token names the address and is labelled as e-mail")
    func mailLabels() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let claims = try await Self.claims(installation, workspace, to: "Anna@Example.com")
        #expect(claims["email"] == .string("anna@example.com"))
        #expect(claims["phone"] == nil)
        #expect(claims["amr"] == .array([.string("otp"), .string("email")]))
        #expect(claims["acr"] == .string("urn:countersign:acr:email"))
    }

    @Test("sub is the same for a contact in one workspace, and another in every other")
    func pairwiseSubject() async throws {
        let installation = try await Installation()
        let one = try await installation.workspace { $0.cooldownSeconds = 0 }
        let other = try await installation.workspace()
        let first = try await Self.claims(installation, one, to: Installation.number)
        let second = try await Self.claims(installation, one, to: Installation.number)
        let foreign = try await Self.claims(installation, other, to: Installation.number)
        #expect(first.subject != nil && first.subject == second.subject)
        #expect(foreign.subject != first.subject)
        #expect(first.identifier != second.identifier)
    }
}
