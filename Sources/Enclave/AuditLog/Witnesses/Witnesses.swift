import EnclaveLink
import TransparencyLog

/// Asks the witnesses of the settings over HTTPS, each in a lane of its own: one that hangs holds up nobody else.
final class Witnesses: WitnessAsking {
    /// Checkpoints that may wait for one witness.
    static let queueCapacity = 64

    private struct Witness: Sendable {
        let key: VerifierKey
        let lane: Lane<WitnessErrand, WitnessAnswer>
    }

    private let witnesses: [String: Witness]

    /// - Parameter descriptors: the host, which opens streams.
    /// - Throws: ``TransportError``; nothing runs then.
    init(_ settings: [WitnessSettings], descriptors: any DescriptorRequesting) throws(TransportError) {
        var witnesses: [String: Witness] = [:]
        for settings in settings {
            let connection = try WitnessConnection(settings, descriptors: descriptors)
            let lane = try Lane(
                "witness", capacity: Self.queueCapacity, workers: [connection],
                refusals: .init(busy: .failure(.busy), late: .failure(.timedOut)))
            witnesses[settings.name] = Witness(key: settings.key, lane: lane)
        }
        self.witnesses = witnesses
    }

    func key(of witness: String) -> VerifierKey? { witnesses[witness]?.key }

    func ask(
        _ witness: String, _ errand: WitnessErrand, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (WitnessAnswer) -> Void
    ) {
        guard let lane = witnesses[witness]?.lane else { return completion(.failure(.unknownWitness)) }
        lane.accept(errand, deadline: deadline, completion: completion)
    }
}
