/// Plays a shape of traffic through the guard, and counts what it stops and what it wrongly stops.
public struct Simulation: Sendable {
    /// What came of one day.
    public struct Outcome: Equatable, Sendable {
        public var shape: TrafficShape
        public var seed: UInt64
        /// What the flood asked for, and what of it was refused.
        public var floodSends = 0
        public var floodStopped = 0
        /// What people asked for, and what of it was wrongly refused.
        public var peopleSends = 0
        public var peopleStopped = 0
        /// Stops that began, by what they stopped.
        public var stops: [RangeKind: Int] = [:]

        /// 1 where there was no flood.
        public var stoppedShare: Double { floodSends == 0 ? 1 : Double(floodStopped) / Double(floodSends) }
        public var wrongShare: Double { peopleSends == 0 ? 0 : Double(peopleStopped) / Double(peopleSends) }
    }

    private let traffic: SimulatedTraffic
    private let terms: GuardTerms

    /// - Parameters:
    ///   - sendsADay: codes that people ask for on an ordinary day.
    ///   - learningDays: ordinary days before the one that is counted.
    public init(sendsADay: Int = 20_000, learningDays: Int = 3, terms: GuardTerms = GuardTerms()) {
        traffic = SimulatedTraffic(sendsADay: sendsADay, learningDays: learningDays)
        self.terms = terms
    }

    /// The same for the same shape and seed.
    public func run(_ shape: TrafficShape, seed: UInt64) -> Outcome {
        var run = SimulationRun(terms: terms, countsFrom: Double(traffic.learningDays) * SimulatedTraffic.day)
        for send in traffic.sends(shape, seed: seed) { run.play(send) }
        return run.outcome(shape, seed)
    }
}

/// A simulation under way.
private struct SimulationRun {
    private static let workspace = "simulated"

    let terms: GuardTerms
    /// Seconds, before which the guard only learns.
    let countsFrom: Double
    private var watch = FraudGuard()
    /// Codes to be verified, the next one last.
    private var verifications = TimeQueue()
    private var nextLook = 0.0
    private var counted = Simulation.Outcome(shape: .normalDay, seed: 0)

    init(terms: GuardTerms, countsFrom: Double) {
        self.terms = terms
        self.countsFrom = countsFrom
    }

    mutating func play(_ send: SimulatedSend) {
        pass(until: send.time)
        let ruling = watch.rule(
            on: send.traits, workspace: Self.workspace, terms: terms, now: Self.milliseconds(send.time))
        let isStopped = if case .stopped = ruling { true } else { false }
        note(send, isStopped: isStopped)
        guard !isStopped, let delay = send.verifiedAfter else { return }
        verifications.insert(
            PendingVerification(
                time: send.time + delay, sentAt: send.time, traits: send.traits,
                standing: ruling == .probe ? .probe : .counted))
    }

    func outcome(_ shape: TrafficShape, _ seed: UInt64) -> Simulation.Outcome {
        var outcome = counted
        (outcome.shape, outcome.seed) = (shape, seed)
        return outcome
    }

    private mutating func pass(until time: Double) {
        while let next = verifications.removeFirst(before: time) {
            watch.verify(
                next.traits, standing: next.standing, workspace: Self.workspace,
                sentAt: Self.milliseconds(next.sentAt), now: Self.milliseconds(next.time))
        }
        guard time >= nextLook else { return }
        nextLook = time + 5
        for event in watch.takeEvents(now: Self.milliseconds(time)) where time >= countsFrom {
            if case .began = event.change { counted.stops[event.range.kind, default: 0] += 1 }
        }
    }

    private mutating func note(_ send: SimulatedSend, isStopped: Bool) {
        guard send.time >= countsFrom else { return }
        if send.isFlood {
            counted.floodSends += 1
            counted.floodStopped += isStopped ? 1 : 0
        } else {
            counted.peopleSends += 1
            counted.peopleStopped += isStopped ? 1 : 0
        }
    }

    private static func milliseconds(_ seconds: Double) -> Int64 { 1_800_000_000_000 + Int64(seconds * 1000) }
}

/// A code that somebody will type.
private struct PendingVerification {
    var time: Double
    var sentAt: Double
    var traits: SendTraits
    var standing: SendStanding
}

/// Verifications in the order of their times: a binary heap.
private struct TimeQueue {
    private var heap: [PendingVerification] = []

    mutating func insert(_ verification: PendingVerification) {
        heap.append(verification)
        var place = heap.count - 1
        while place > 0, heap[place].time < heap[(place - 1) / 2].time {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst(before time: Double) -> PendingVerification? {
        guard let first = heap.first, first.time < time else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while let child = [2 * place + 1, 2 * place + 2].filter({ $0 < heap.count })
            .min(by: { heap[$0].time < heap[$1].time }), heap[child].time < heap[place].time
        {
            heap.swapAt(place, child)
            place = child
        }
        return first
    }
}
