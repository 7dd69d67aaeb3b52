import EnclaveLink

/// A flow in a mode.
struct SealedWay: Sendable, CustomStringConvertible {
    let flow: SealedFlow
    let mode: ChallengeMode
    var description: String { "\(flow) \(mode)" }

    static let all = SealedFlow.allCases.flatMap { flow in
        ChallengeMode.allCases.map { SealedWay(flow: flow, mode: $0) }
    }
}
