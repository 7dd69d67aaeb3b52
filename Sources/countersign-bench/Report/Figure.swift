/// One measured quantity, from several runs.
struct Figure: Encodable {
    let label: String
    let unit: String
    let runs: [Double]

    /// The middle run; of an even number of runs the lower one of the two in the middle.
    var median: Double { runs.isEmpty ? 0 : runs.sorted()[(runs.count - 1) / 2] }

    private enum CodingKeys: String, CodingKey { case label, unit, median, runs }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(label, forKey: .label)
        try container.encode(unit, forKey: .unit)
        try container.encode(median, forKey: .median)
        try container.encode(runs, forKey: .runs)
    }
}
