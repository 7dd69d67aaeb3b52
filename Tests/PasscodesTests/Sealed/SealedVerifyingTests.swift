import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Verifying sealed codes")
struct SealedVerifyingTests {
    @Test("a sealed code is worth a verification token in either flow", arguments: SealedFlow.allCases)
    func verifies(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.verificationTokenSeconds = 120 }
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace, flow: flow)
        let code = try installation.code(of: dispatch)
        #expect(code.count == 9)
        let verification = try await installation.attempt(
            dispatch, code: code, workspace, flow: flow, client: client)
        #expect(verification.expiresAt == installation.time.now.unixMilliseconds + 120_000)
        let claims = try verification.token.claims()
        switch flow {
        case .turnkey:
            #expect(claims["public_key"]?.text == client.key.compressedHexadecimal)
            #expect(claims["organization_id"]?.text == WorkspaceUUID.organization.text(for: workspace.id))
        case .countersign:
            #expect(claims["cnf"]?["jkt"]?.text == client.key.thumbprint)
            #expect(claims["aud"]?.text == workspace.id)
        }
    }
}
