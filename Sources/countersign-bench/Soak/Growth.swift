/// Whether a series of samples grows.
enum Growth {
    /// Units that the samples gain in an hour: the median of the slopes between all pairs (Theil and Sen), which neither a
    /// peak nor a trough moves. Zero for fewer than two.
    static func anHour(_ samples: [(seconds: Double, value: Double)]) -> Double {
        var slopes: [Double] = []
        for (index, later) in samples.enumerated() {
            for earlier in samples[..<index] where later.seconds > earlier.seconds {
                slopes.append((later.value - earlier.value) / (later.seconds - earlier.seconds))
            }
        }
        return median(slopes) * 3600
    }

    /// Zero where there are none.
    static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
    }
}
