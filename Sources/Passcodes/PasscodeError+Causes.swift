import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension PasscodeError: StorageFailure {
    public init(_ error: any Error) {
        switch error {
        case let error as PasscodeError: self = error
        case let error as WorkspaceError: self = .workspace(error)
        case let error as StorageError: self = .unavailable(error.reason)
        case let error as EnclaveError: self = .unavailable("enclave: \(error.code.rawValue)")
        default: self = .unavailable("an unexpected error of type \(type(of: error))")
        }
    }
}

extension PasscodeError {
    init(_ refusal: ProofMemory.Refusal) {
        switch refusal {
        case .seenBefore: self = .proofRefused("it was used before")
        case .shareUsedUp(let share):
            self = .workspace(
                .requestsLimited(from: "session", policy: ProofMemory.policy("session", share), retryAfter: 1))
        case .full: self = .unavailable("too many proofs are remembered")
        }
    }
}

extension EnclaveCalling {
    /// A call whose failures are this room's.
    func ask<Request: EnclaveRequest>(_ request: Request) async throws(PasscodeError) -> Request.Reply {
        do { return try await call(request) } catch { throw PasscodeError(error) }
    }

    /// The greeting of the enclave that is up. Throws `unavailable` where none is.
    func present() throws(PasscodeError) -> Greeting {
        guard let greeting else { throw .unavailable("the enclave is not up") }
        return greeting
    }

    /// Whose contact this is: with the digest that the database knows it by. Throws `unavailable` while the enclave, which
    /// has the key, is not up.
    public func person(_ contact: ContactAddress, workspace: String) throws(PasscodeError) -> AuditSubject {
        let index = ContactIndex(key: try present().contactIndexKey)
        return AuditSubject(digest: index.digest(of: contact, workspace: workspace), contact: contact.value)
    }
}
