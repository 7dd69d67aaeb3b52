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

    /// Uses are remembered this long after a token's end, should the clock be set back.
    private static let memory = Challenge.memory

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

    /// Where a token must have been made to count for this caller.
    func scope(_ flow: SealedFlow, for caller: PasscodeCaller) -> TokenScope {
        TokenScope(
            workspace: caller.workspace.id, flow: flow, mode: caller.mode, issuer: issuer,
            organization: flow.organization(of: caller.workspace))
    }

    /// What a token says, if it counts and, where a sign-up comes along, its key signed that. Throws `tokenRefused`.
    func check(
        _ token: VerificationToken, flow: SealedFlow, signUp: SignedMessage? = nil, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> VerifiedClient {
        let finding = try await enclave.ask(
            CheckVerificationToken(token: token, scope: scope(flow, for: caller), signUp: signUp))
        switch finding {
        case .good(let client): return client
        case .refused(let fault): throw .tokenRefused(fault)
        }
    }

    /// Takes one of the token's uses, in the unit of work of what it is used for. Throws `tokenUsed`.
    func take(
        _ use: Use, of client: VerifiedClient, workspace: String, in transaction: any Transaction
    ) throws {
        let inserted = try transaction.execute(
            """
            INSERT INTO token_use (workspace, token, purpose, expires_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace, token, purpose) DO NOTHING
            """,
            [.text(workspace), .text(client.token), .text(use.rawValue), .integer(client.expiresAt)])
        guard inserted == 1 else { throw PasscodeError.tokenUsed() }
    }

    /// Deletes at most `count` uses of tokens that expired long ago, and returns how many.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM token_use WHERE (workspace, token, purpose) IN
                (SELECT workspace, token, purpose FROM token_use WHERE expires_at < $1 LIMIT $2)
            """, [.integer(now - memory), .integer(Int64(count))])
    }
}
