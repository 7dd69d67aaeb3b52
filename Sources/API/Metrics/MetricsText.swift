/// Writes figures in the text format that Prometheus reads
/// (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4).
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""

    /// Begins a metric; its samples follow.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// - Parameter labels: names and values of our own vocabulary, which need no escaping.
    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Int) {
        add(name, labels, String(value))
    }

    /// One without labels that is no whole number.
    mutating func sample(_ name: String, _ value: Double) {
        add(name, [], String(value))
    }

    /// - Parameters:
    ///   - bounds: the upper bounds of the buckets.
    ///   - counts: one for each bound, and one for what is beyond.
    ///   - sum: of all that was counted.
    mutating func histogram(
        _ name: String, _ labels: [(String, String)], bounds: [Double], counts: [Int], sum: Double
    ) {
        var count = 0
        for (bound, inBucket) in zip(bounds, counts) {
            count += inBucket
            sample(name + "_bucket", labels + [("le", String(bound))], count)
        }
        let all = counts.reduce(0, +)
        sample(name + "_bucket", labels + [("le", "+Inf")], all)
        add(name + "_sum", labels, String(sum))
        sample(name + "_count", labels, all)
    }

    private mutating func add(_ name: String, _ labels: [(String, String)], _ value: String) {
        let pairs = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs)} \(value)\n"
    }
}
