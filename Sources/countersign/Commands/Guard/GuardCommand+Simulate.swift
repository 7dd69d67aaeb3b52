import ArgumentParser
import FraudGuard

extension GuardCommand {
    /// `countersign guard simulate`
    struct Simulate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Play ordinary days and floods through the guard; shows what it stops, also wrongly. Needs no server.",
            discussion: """
                Each shape is played after some ordinary days in which the guard learns. The worst of all seeds is shown.
                """)

        @Option(help: "Only this shape; may be given more than once. Default: all.") var shape: [String] = []
        @Option(help: "How many different days of each shape, 1 to 100.") var seeds = 3
        @Option(help: "Codes that people ask for on an ordinary day, 100 to 1000000.") var sends = 20_000
        @Option(help: "Ordinary days before, 0 to 14.") var learning = 3
        @Option(help: "Unverified codes an hour to a new prefix.") var prefixBudget = GuardTerms().prefixFloor
        @Option(help: "The same to a country.") var countryBudget = GuardTerms().countryFloor
        @Option(help: "The same of an application.") var applicationBudget = GuardTerms().applicationFloor
        @OptionGroup var output: OutputOption

        func validate() throws {
            guard (1...100).contains(seeds), (100...1_000_000).contains(sends), (0...14).contains(learning),
                [prefixBudget, countryBudget, applicationBudget].allSatisfy((0...1_000_000_000).contains)
            else {
                throw ValidationError("--seeds 1 to 100, --sends 100 to 1000000, --learning 0 to 14, budgets from 0")
            }
            _ = try shapes()
        }

        func run() async throws {
            let simulation = Simulation(
                sendsADay: sends, learningDays: learning,
                terms: GuardTerms(
                    prefixFloor: prefixBudget, countryFloor: countryBudget, applicationFloor: applicationBudget))
            let rows = try shapes().map { shape in
                ShapeOutcome((1...seeds).map { simulation.run(shape, seed: UInt64($0)) })
            }
            if output.json { return try Output.json(SimulationAnswer(simulations: rows)) }
            Output.columns(
                [["shape", "flood", "stopped", "people", "wrongly", "what it is"]] + rows.map(\.cells))
        }

        private func shapes() throws -> [TrafficShape] {
            guard !shape.isEmpty else { return TrafficShape.allCases }
            return try shape.map { name in
                guard let shape = TrafficShape(rawValue: name) else {
                    let all = TrafficShape.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("no shape \(name); there are \(all)")
                }
                return shape
            }
        }
    }
}

private struct SimulationAnswer: Encodable {
    var simulations: [ShapeOutcome]
}

/// The worst that came of a shape.
private struct ShapeOutcome: Encodable {
    var shape: String
    var summary: String
    var floodSends: Int
    /// 0 to 1; nil where there is no flood.
    var stoppedShare: Double?
    var peopleSends: Int
    /// 0 to 1.
    var wrongShare: Double

    enum CodingKeys: String, CodingKey {
        case shape, summary
        case floodSends = "flood_sends"
        case stoppedShare = "stopped_share"
        case peopleSends = "people_sends"
        case wrongShare = "wrong_share"
    }

    /// - Parameter outcomes: of one shape, one at least.
    init(_ outcomes: [Simulation.Outcome]) {
        shape = outcomes[0].shape.rawValue
        summary = outcomes[0].shape.summary
        floodSends = outcomes.map(\.floodSends).max() ?? 0
        stoppedShare = floodSends == 0 ? nil : outcomes.map(\.stoppedShare).min()
        peopleSends = outcomes.map(\.peopleSends).max() ?? 0
        wrongShare = outcomes.map(\.wrongShare).max() ?? 0
    }

    var cells: [String] {
        [
            shape, String(floodSends), stoppedShare.map { Self.percent($0, digits: 1) } ?? "", String(peopleSends),
            Self.percent(wrongShare, digits: 3), summary,
        ]
    }

    /// Rounded to the worse side where it is `stopped`, so that 94.96 % is no 95 %.
    private static func percent(_ share: Double, digits: Int) -> String {
        let scale = digits == 1 ? 10.0 : 1_000.0
        let value = (share * 100 * scale).rounded(digits == 1 ? .down : .up) / scale
        return "\(value) %"
    }
}
