import AuditLog
import EnclaveLink
import SealedPasscodes
import Storage
import Workspaces

/// Tells who calls: agents, approvers, verifiers. A failure is audited, counted, and throttled by the caller's network.
public struct PermissionCallers: Sendable {
    let keys: APIKeys
    let agents: Agents
    let refused: RefusedCalls
    let counters: PermissionCounters
    let clock: WallClock
    let proofs = ProofMemory()
    let rates = MinuteRates(capacity: 100_000)

    public init(
        keys: APIKeys, agents: Agents, refused: RefusedCalls, counters: PermissionCounters, clock: WallClock = .system
    ) {
        self.keys = keys
        self.agents = agents
        self.refused = refused
        self.counters = counters
        self.clock = clock
    }

    /// The caller behind a request. Takes one request of an agent from its rate.
    ///
    /// Throws `workspace` with what is wrong with the key (`keyMissing`, `keyInvalid`, `keyRevoked`, `keyExpired`,
    /// `keyInBrowser`, `addressNotAllowed`, `keyNotPermitted` for a key of another dialect), `agentStopped`, `proofRefused`, `authenticationThrottled`, `rateLimited`.
    public func authenticate(_ credentials: PresentedCredentials) async throws(PermissionError) -> PermissionCaller {
        let caller: Caller
        do { caller = try await keys.identify(credentials.key) } catch {
            throw await refuse(.workspace(error.error), of: error.caller, credentials.peer)
        }
        let found = try await self.caller(caller, credentials)
        await keys.recordUse(of: caller)
        return found
    }

    private func caller(
        _ caller: Caller, _ credentials: PresentedCredentials
    ) async throws(PermissionError) -> PermissionCaller {
        let origin = credentials.peer.origin(.key(caller.keyIdentifier))
        switch caller.kind {
        case .agent, .agentTest: return .agent(try await agent(caller, credentials, origin))
        case .approver, .operator:
            if caller.kind == .operator, let refusal = credentials.operatorRefusal {
                throw await refuse(.workspace(refusal), of: caller, credentials.peer)
            }
            let person = caller.holder.isEmpty ? nil : caller.holder
            return .approver(
                ApproverCaller(
                    workspace: caller.workspace, role: caller.kind == .operator ? .operator : .approver,
                    person: person, channel: .api, address: credentials.peer.address, origin: origin))
        case .verifier, .verifierTest:
            return .verifier(
                VerifierCaller(
                    workspace: caller.workspace, keyIdentifier: caller.keyIdentifier,
                    mode: caller.kind == .verifier ? .live : .test, origin: origin))
        case .live, .test, .stamp:
            throw await refuse(
                .workspace(.keyNotPermitted("This key is for passcodes.")), of: caller, credentials.peer)
        }
    }

    private func agent(
        _ caller: Caller, _ credentials: PresentedCredentials, _ origin: RequestOrigin
    ) async throws(PermissionError) -> AgentCaller {
        guard let known = try await agents.known(caller.holder, workspace: caller.workspace.id) else {
            // Its key was read before it was deleted.
            throw await refuse(.workspace(.keyInvalid()), of: caller, credentials.peer)
        }
        do throws(PermissionError) {
            guard known.mayAct else { throw .agentStopped() }
            guard known.agent.profile.allowedAddresses.admits(credentials.peer.address) else {
                throw .workspace(.addressNotAllowed())
            }
            try requireProof(by: known.agent, credentials)
        } catch {
            throw await refuse(error, of: caller, credentials.peer)
        }
        let rate = try takeRequest(of: known.agent)
        return AgentCaller(
            workspace: caller.workspace, agent: known.agent, keyIdentifier: caller.keyIdentifier,
            keyExpiresAt: caller.expiresAt, mode: caller.kind == .agent ? .live : .test, rate: rate,
            address: credentials.peer.address, origin: origin)
    }

    /// Takes one request of an agent's requests a minute. Throws `rateLimited`.
    private func takeRequest(of agent: Agent) throws(PermissionError) -> RateState {
        let limit = agent.profile.rateLimit
        let taking = rates.take(of: agent.id, limit: limit, now: clock.now())
        let state = RateState(limit: limit, remaining: taking.remaining, reset: taking.reset)
        guard taking.isTaken else { throw .rateLimited(state, retryAfter: taking.wait) }
        return state
    }

    /// Throws `proofRefused` unless the request proves the agent's own key, where it has one.
    private func requireProof(by agent: Agent, _ credentials: PresentedCredentials) throws(PermissionError) {
        guard let key = agent.profile.clientKey else { return }
        guard let text = credentials.proof else { throw .proofRefused("it is missing") }
        let now = clock.now() / 1000
        let proof: PossessionProof
        do throws(SealedPasscodeError) {
            proof = try PossessionProof(text)
            guard proof.key == key else { throw SealedPasscodeError(.wrongSigner) }
            try proof.check(
                .init(method: credentials.method, addresses: credentials.addresses, token: credentials.key.text),
                now: now)
        } catch {
            throw .proofRefused(error.code.rawValue)
        }
        do { try proofs.accept(proof, now: now) } catch {
            switch error {
            case .seenBefore: throw .proofRefused("it was used before")
            case .shareUsedUp(let share):
                throw .workspace(
                    .requestsLimited(from: "agent", policy: ProofMemory.policy("agent", share), retryAfter: 1))
            case .full: throw .unavailable("too many proofs are remembered")
            }
        }
    }
}
