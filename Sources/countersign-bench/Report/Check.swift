/// A measured value beside what it must reach.
struct Check: Encodable {
    enum Bound: String, Encodable {
        case atLeast = "≥"
        case atMost = "≤"
    }

    let label: String
    let value: Double
    let bound: Bound
    let target: Double
    let unit: String

    var passed: Bool { bound == .atLeast ? value >= target : value <= target }

    private enum CodingKeys: String, CodingKey { case label, value, bound, target, unit, passed }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(label, forKey: .label)
        try container.encode(value, forKey: .value)
        try container.encode(bound, forKey: .bound)
        try container.encode(target, forKey: .target)
        try container.encode(unit, forKey: .unit)
        try container.encode(passed, forKey: .passed)
    }
}
