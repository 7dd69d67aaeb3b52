import CountersignClient
import Testing

/// What must not happen twice: the server may have acted on a request whose answer did not come.
@Suite("Requests that must not arrive twice")
struct OnceTests {
    static let failures: [ScriptedTransport.Reply] = [
        ScriptedTransport.failing(.timedOut, mayHaveArrived: true),
        ScriptedTransport.failing(.interrupted, mayHaveArrived: true),
        ScriptedTransport.failing(.unreachable, mayHaveArrived: true),
        ScriptedTransport.answering(503, headers: ["Retry-After": "1"]),
        ScriptedTransport.answering(429, headers: ["Retry-After": "1"]),
        ScriptedTransport.answering(504),
    ]

    @Test("an attempt, a login or a sign-up goes out once, however it fails", arguments: OnceStep.allCases)
    func once(_ step: OnceStep) async throws {
        for failure in Self.failures {
            let played = PlayedServer()
            let (client, network) = try played.client(failing: failure, credential: step.credential)
            await #expect(throws: CountersignError.self) { try await step.take(played, client) }
            #expect(network.sent.count == 1)
            #expect(network.sent.first?.mayArriveTwice == false)
        }
    }

    @Test("it is sent again where nothing of it can have arrived", arguments: OnceStep.allCases)
    func beforeArrival(_ step: OnceStep) async throws {
        let played = PlayedServer()
        let (client, network) = try played.client(
            failing: ScriptedTransport.failing(.unreachable, mayHaveArrived: false), credential: step.credential)
        await #expect(throws: CountersignError.code(.unreachable)) { try await step.take(played, client) }
        #expect(network.sent.count == RetryPolicy.standard.attempts)
    }

    @Test("an error says whether the server may have acted all the same", arguments: [true, false])
    func mayHaveHappened(_ mayHaveArrived: Bool) async throws {
        let played = PlayedServer()
        let failure = ScriptedTransport.failing(.timedOut, mayHaveArrived: mayHaveArrived)
        let (client, _) = try played.client(failing: failure, credential: OnceStep.attempt.credential)
        let error = await #expect(throws: CountersignError.self) { try await OnceStep.attempt.take(played, client) }
        #expect(error?.mayHaveHappened == mayHaveArrived)
    }
}
