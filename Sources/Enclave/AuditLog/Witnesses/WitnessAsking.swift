import EnclaveLink
import TransparencyLog

/// What a witness is to cosign.
struct WitnessErrand: Sendable {
    let request: AddCheckpointRequest
}

/// What came of it: an answer in the witness's own language, whose signatures nobody has checked, or why there is none.
typealias WitnessAnswer = Result<AddCheckpointAnswer, WitnessFailure>

/// Asks witnesses to cosign checkpoints.
protocol WitnessAsking: Sendable {
    /// The key of the witness of this name; nil if there is none.
    func key(of witness: String) -> VerifierKey?

    /// Asks without blocking the caller; `completion` is called exactly once.
    func ask(
        _ witness: String, _ errand: WitnessErrand, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WitnessAnswer) -> Void)
}

/// Stands where the settings name no witness.
struct NoWitnesses: WitnessAsking {
    func key(of witness: String) -> VerifierKey? { nil }

    func ask(
        _ witness: String, _ errand: WitnessErrand, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WitnessAnswer) -> Void
    ) {
        completion(.failure(.unknownWitness))
    }
}
