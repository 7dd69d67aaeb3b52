import Testing

/// Compares the times of two kinds of work, which take turns, so that whatever else the machine does hits both.
enum TurnTaking {
    /// Other tests run beside: one of five rounds has to be undisturbed.
    /// - Parameters:
    ///   - count: how often each works in a round.
    ///   - prepare: makes what one turn of both works on; not timed.
    static func expectEqual<Prepared>(
        count: Int, prepare: (Int) throws -> Prepared, _ one: (Prepared) throws -> Void,
        _ other: (Prepared) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) rethrows {
        var differences: [Double] = []
        for round in 0..<5 {
            let turns = try (0..<count).map { try prepare(round * count + $0) }
            let difference = try difference(turns, one, other)
            if difference < 0.05 { return }
            differences.append(difference)
        }
        Issue.record("the times differ by \(differences)", sourceLocation: sourceLocation)
    }

    /// How far apart the times are that half of the work stays below, as a part of the longer one.
    private static func difference<Prepared>(
        _ turns: [Prepared], _ one: (Prepared) throws -> Void, _ other: (Prepared) throws -> Void
    ) rethrows -> Double {
        var times: (one: [Duration], other: [Duration]) = ([], [])
        for turn in turns {
            times.one.append(try time { try one(turn) })
            times.other.append(try time { try other(turn) })
        }
        let (first, second) = (median(times.one), median(times.other))
        return abs(first - second) / max(first, second)
    }

    private static func time(_ work: () throws -> Void) rethrows -> Duration {
        let start = ContinuousClock.now
        try work()
        return start.duration(to: .now)
    }

    private static func median(_ times: [Duration]) -> Double {
        let middle = times.sorted()[times.count / 2].components
        return Double(middle.seconds) * 1e9 + Double(middle.attoseconds) / 1e9
    }
}
