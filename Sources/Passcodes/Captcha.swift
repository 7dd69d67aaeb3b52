import AuditLog
import EnclaveLink
import Workspaces

/// Captchas of visitors, checked by the enclave with the provider. Where the answer is not a clear yes, it is no, unless
/// the workspace lets visitors pass while the provider does not answer.
public struct Captcha: Sendable {
    let enclave: any EnclaveCalling

    public init(enclave: any EnclaveCalling) { self.enclave = enclave }

    /// Does nothing where the workspace asks for no captcha. `address` is the visitor's, without port.
    /// Throws `captchaRefused`, `unavailable`.
    public func check(_ token: CaptchaToken?, address: String?, workspace: Workspace) async throws(PasscodeError) {
        throw .unavailable("not built yet")
    }
}
