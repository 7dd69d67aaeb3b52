import EnclaveLink
import JOSE
import Policies
import Storage
import Workspaces

extension PermissionRequests {
    /// Asks for a permission: the policies decide, or leave it to people. What is asked for again while it waits for
    /// people is the same request. Throws `invalidFields`, `agentStopped`, `tooManyPending`, `idempotencyKeyReused`.
    public func request(
        _ wish: PermissionWish, for caller: AgentCaller
    ) async throws(PermissionError) -> PermissionAnswer {
        throw .unavailable("not built yet")
    }

    /// The permission, for the agent that asked for it. The first time after its approval the token comes along.
    /// Throws `notFound`.
    public func collect(_ id: String, for caller: AgentCaller) async throws(PermissionError) -> PermissionAnswer {
        throw .unavailable("not built yet")
    }

    /// The permission, for operators and approvers. Throws `notFound`.
    public func permission(_ id: String, workspace: String) async throws(PermissionError) -> Permission {
        throw .unavailable("not built yet")
    }

    /// A request that people were asked about, by its identifier alone: whoever was given that may look and wait.
    /// Throws `notFound`.
    public func prompt(_ id: String) async throws(PermissionError) -> Permission {
        throw .unavailable("not built yet")
    }

    /// A page of permissions, the newest first.
    public func list(
        _ filter: PermissionFilter, workspace: String, _ page: PageWish
    ) async throws(PermissionError) -> Page<Permission> {
        throw .unavailable("not built yet")
    }

    /// Decides a pending request. Never answers with a token. Throws `notFound`, `alreadyDecided`, `invalidFields`,
    /// `scopeNotNarrowed`, `approverIsOriginator`, `approverUnidentified`, `approvedBefore`, `numberMissing`,
    /// `numberWrong`, `statementChanged`.
    ///
    /// The permission stays pending after the first of two approvals.
    public func decide(
        _ id: String, _ decision: PermissionDecision, by approver: ApproverCaller
    ) async throws(PermissionError) -> Permission {
        throw .unavailable("not built yet")
    }

    /// Looks at a token and uses nothing up. Throws `notFound`.
    public func verify(
        _ id: String, _ token: PermissionToken, by caller: TokenCaller
    ) async throws(PermissionError) -> TokenFinding {
        throw .unavailable("not built yet")
    }

    /// Uses a token once. `details` say what is about to be done, and are checked against the granted scope; what is
    /// outside is refused, recorded, and uses nothing up. Throws `notFound`, `invalidFields`.
    public func use(
        _ id: String, _ token: PermissionToken, details: JSONValue?, by caller: TokenCaller
    ) async throws(PermissionError) -> TokenUse {
        throw .unavailable("not built yet")
    }

    /// Ends a permission of the agent's own, or a pending request. Throws `notFound`, `notRevocable`, `invalidFields`.
    public func revoke(
        _ id: String, reason: String?, by caller: PermissionCaller
    ) async throws(PermissionError) -> Permission {
        throw .unavailable("not built yet")
    }

    /// Writes down what expired, and tells those who wait: to be called every second. Returns how many did.
    @discardableResult
    public func expire() async throws(PermissionError) -> Int { throw .unavailable("not built yet") }

    /// Erases what ended long ago.
    public func prune() async throws(PermissionError) { throw .unavailable("not built yet") }

    /// Waits until a permission is no longer pending, or `seconds` (0…30) have passed.
    public func waitForDecision(_ id: String, workspace: String, atMost seconds: Int) async throws(PermissionError) {
        throw .unavailable("not built yet")
    }
}
