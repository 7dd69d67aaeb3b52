import AuditLog
import EnclaveLink
import Storage

extension Users {
    /// What those act as who signed up with a contact: at most one user in live and one in test. Throws `unavailable`.
    public func principals(
        of contact: Contact, workspace: String
    ) async throws(PasscodeError) -> [Principal] {
        let digest = try tokens.enclave.person(contact.address, workspace: workspace).digest
        return try await database.read(throwing: PasscodeError.self) { transaction in
            try ChallengeMode.allCases.compactMap { mode in
                try User.find(contact: digest, mode: mode, workspace: workspace, in: transaction)
                    .map { .user($0.id) }
            }
        }
    }
}
