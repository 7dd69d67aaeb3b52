import AuditLog
import EnclaveLink
import Passcodes
import Storage
import Workspaces

/// How a test's passcodes end.
public enum VerificationResult: Equatable, Sendable {
    case verified
    case refused(PasscodeError.Code, remaining: Int?)
}

extension Installation {
    public static let number = "+4915112345678"

    /// The same passcodes over another database or enclave, as after a restart: what was in memory alone is gone.
    public func challenges(
        over database: (any Database)? = nil, asking enclave: (any EnclaveCalling)? = nil
    ) -> Challenges {
        Challenges(
            database: database ?? self.database, audit: audit, enclave: enclave ?? self.enclave,
            signingKeys: signingKeys, issuer: Self.issuer, outbox: changes, clock: time.wall)
    }

    public func caller(
        _ workspace: Workspace, _ mode: ChallengeMode = .live, network: String? = nil
    ) -> PasscodeCaller {
        PasscodeCaller(
            workspace: workspace, mode: mode,
            origin: RequestOrigin(principal: .key("key_test"), request: "request", address: "127.0.0.1:1"),
            network: network)
    }

    @discardableResult
    public func send(
        _ workspace: Workspace, to contact: String = number, mode: ChallengeMode = .live, channel: Channel? = nil,
        idempotency: Idempotency? = nil, network: String? = nil, _ change: (inout SendRequest) throws -> Void = { _ in }
    ) async throws -> Dispatch {
        guard let application = ApplicationName("Test") else { throw PasscodeError.unavailable("no name") }
        var request = SendRequest(
            identifier: "oe_" + RandomIdentifier.hexadecimal(length: 12), contact: try Contact(contact),
            channel: channel, application: application, idempotency: idempotency)
        try change(&request)
        return try await challenges.send(request, for: caller(workspace, mode, network: network))
    }

    public func token(
        _ contact: String = number, code: String, _ workspace: Workspace, mode: ChallengeMode = .live
    ) async throws -> IdentityToken {
        try await challenges.verify(
            .contact(try Contact(contact)), code: PresentedCode(code), for: caller(workspace, mode))
    }

    public func verify(
        _ contact: String = number, code: String, _ workspace: Workspace, mode: ChallengeMode = .live
    ) async throws -> VerificationResult {
        do {
            _ = try await token(contact, code: code, workspace, mode: mode)
            return .verified
        } catch let error as PasscodeError {
            return .refused(error.code, remaining: error.attemptsRemaining)
        }
    }

    /// A code of the same length that is not `code`.
    public func wrong(_ code: String) -> String {
        String(code.dropLast()) + (code.last == "7" ? "8" : "7")
    }
}
