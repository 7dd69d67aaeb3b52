import AuditLog
import EnclaveLink
import Workspaces

extension EnclaveCalling {
    /// Whom the audit's entries about an approver are about: with the digest that their address has wherever this
    /// workspace meets it. Throws `unavailable` while the enclave, which has the key, is not up.
    func person(_ approver: Approver) throws(PermissionError) -> AuditSubject {
        guard let greeting else { throw .unavailable("the enclave is not up") }
        let address = ContactAddress(kind: .email, value: approver.address.text)
        let index = ContactIndex(key: greeting.contactIndexKey)
        return AuditSubject(digest: index.digest(of: address, workspace: approver.workspace), contact: address.value)
    }
}
