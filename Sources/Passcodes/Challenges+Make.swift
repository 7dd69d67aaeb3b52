import EnclaveLink
import Encodings
import Workspaces

extension Challenges {
    /// Has the enclave make a challenge. Nothing of it is stored yet.
    func make(
        _ wish: MakeChallenge, enclave greeting: Greeting
    ) async throws(PasscodeError) -> (Challenge, TestCode?) {
        let made = try await enclave.ask(wish)
        let index = ContactIndex(key: greeting.contactIndexKey)
        let challenge = Challenge(
            workspace: wish.workspace, id: wish.challenge, mode: wish.mode,
            contact: index.digest(of: wish.contact, workspace: wish.workspace), flow: wish.target?.flow,
            route: wish.channels, boot: greeting.boot, sealed: made.sealed, attemptLimit: wish.attemptLimit,
            createdAt: made.createdAt, expiresAt: made.expiresAt, targetBundle: made.targetBundle ?? "",
            isDecoy: wish.target?.isDecoy ?? false)
        return (challenge, made.testCode)
    }

    /// What a send is counted under: digests, so that the tables of limits list no people.
    func subject(
        of contact: Contact, rateLimitKey: String?, own: [String: String] = [:], caller: PasscodeCaller,
        enclave greeting: Greeting
    ) -> SendSubject {
        let index = ContactIndex(key: greeting.contactIndexKey)
        let workspace = caller.workspace.id
        return SendSubject(
            recipient: Hexadecimal.encode(index.digest(of: contact.address, workspace: workspace)),
            prefix: contact.prefix,
            country: contact.country, network: caller.network,
            rateLimitKey: rateLimitKey.map {
                Hexadecimal.encode(index.digest(ofRateLimitKey: $0, workspace: workspace))
            },
            own: own.mapValues { Hexadecimal.encode(index.digest(ofRateLimitKey: $0, workspace: workspace)) })
    }

    /// The code that a test-mode answer carries: that of the challenge just made, or of the one that lives on.
    func testCode(of admission: Admission, fresh: TestCode?) async throws(PasscodeError) -> TestCode? {
        guard admission.challenge.mode == .test else { return nil }
        return admission.isFresh ? fresh : try await reveal(admission.challenge)
    }

    /// The code of a test challenge again; nil where the enclave that made it is gone or its life is over.
    private func reveal(_ challenge: Challenge) async throws(PasscodeError) -> TestCode? {
        guard !challenge.sealed.isEmpty else { return nil }
        do {
            return try await enclave.call(RevealTestCode(challenge: challenge.record))
        } catch  where error.code == .challengeNotAlive {
            return nil
        } catch {
            throw PasscodeError(error)
        }
    }
}
