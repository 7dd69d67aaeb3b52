import EnclaveLink
import Storage
import Workspaces

/// Verification tokens as the host handles them: the enclave checks each, the database counts its uses.
public struct VerificationTokens: Sendable {
    /// What a token serves for, each once.
    public enum Use: String, CaseIterable, Sendable {
        case lookUp = "look_up"
        case signUp = "sign_up"
        case logIn = "log_in"
    }

    let database: any Database
    let enclave: any EnclaveCalling
    let issuer: String
    let clock: WallClock

    public init(
        database: any Database, enclave: any EnclaveCalling, issuer: String, clock: WallClock = .system
    ) {
        self.database = database
        self.enclave = enclave
        self.issuer = issuer
        self.clock = clock
    }
}
