import API
import ArgumentParser
import Passcodes

extension PasscodeCommand {
    /// `countersign passcode statistics`
    struct Statistics: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was sent and what came of it, over whole hours up to now. Live codes only.")

        @OptionGroup var options: CommandOptions
        @Option(
            help: "channel, country, prefix, provider, application, hour or day (default: channel; with --plot hour).")
        var by: String?
        @Option(help: "1h, 24h, 7d, 30d or 90d.") var period = "24h"
        @Flag(help: "Draw a chart: what was sent, and of that what was verified.") var plot = false

        func validate() throws {
            try Self.check("--by", by, among: StatisticsGrouping.allCases.map(\.name))
            try Self.check("--period", period, among: StatisticsPeriod.allCases.map(\.rawValue))
        }

        private static func check(_ option: String, _ value: String?, among choices: [String]) throws {
            guard let value, !choices.contains(value) else { return }
            throw ValidationError("\(option) must be one of \(choices.joined(separator: ", "))")
        }

        func run() async throws {
            let grouping = by ?? (plot ? "hour" : "channel")
            let path = "/api/v1/passcodes/statistics?by=\(PathSegment(grouping))&period=\(PathSegment(period))"
            let answer = try await options.connection().call("GET", path, as: StatisticsDescription.self)
            if options.json { return try Output.json(answer) }
            if plot { return StatisticsChart(answer.statistics).lines(width: Terminal.width).forEach(Output.line) }
            Output.columns(
                [[answer.by, "sent", "accepted", "delivered", "failed", "verified", "conversion", "median", "95 %"]]
                    + answer.statistics.map(Self.cells) + [Self.cells(answer.total)])
        }

        private static func cells(_ row: StatisticsDescription.Row) -> [String] {
            [row.value ?? "all"] + [row.sent, row.accepted, row.delivered, row.failed, row.verified].map(String.init)
                + [
                    row.conversion.map { "\(($0 * 1000).rounded() / 10) %" } ?? "-",
                    row.timeToVerify.map { "\($0.median) s" } ?? "-", row.timeToVerify.map { "\($0.p95) s" } ?? "-",
                ]
        }
    }
}

/// A chart of bars in characters: a full block for verified codes, a light one for those that were only sent.
struct StatisticsChart {
    private let rows: [StatisticsDescription.Row]

    init(_ rows: [StatisticsDescription.Row]) { self.rows = rows }

    /// - Parameter width: columns of the terminal.
    func lines(width: Int) -> [String] {
        let most = rows.map(\.sent).max() ?? 0
        guard most > 0 else { return ["nothing was sent"] }
        let names = rows.map { ($0.value ?? "").visible(atMost: 24) }
        let nameWidth = names.map(\.count).max() ?? 0
        let room = max(10, width - nameWidth - String(most).count - 3)
        return zip(rows, names).map { row, name in
            // Whatever was sent is seen.
            let length = row.sent == 0 ? 0 : max(1, Self.share(row.sent, of: most, in: room))
            let verified = Self.share(row.verified, of: row.sent, in: length)
            let bar = String(repeating: "█", count: verified) + String(repeating: "░", count: length - verified)
            return name + String(repeating: " ", count: nameWidth - name.count) + " \(bar) \(row.sent)"
        } + ["█ verified  ░ sent, not verified"]
    }

    /// The part of `length` that `part` is of `whole`, from none to all of it, also for numbers whose product has no room.
    private static func share(_ part: Int, of whole: Int, in length: Int) -> Int {
        guard whole > 0 else { return 0 }
        return Int(Double(length) * min(1, max(0, Double(part) / Double(whole))))
    }
}
