import Testing

@testable import API
@testable import countersign

@Suite("The chart of passcodes in the terminal")
struct StatisticsChartTests {
    private static func row(_ value: String, sent: Int, verified: Int) -> StatisticsDescription.Row {
        .init(value: value, sent: sent, accepted: sent, delivered: 0, failed: 0, verified: verified)
    }

    @Test("the longest bar fills the line, the share that was verified is dark, and whatever was sent is seen")
    func bars() {
        let chart = StatisticsChart([
            Self.row("DE", sent: 1000, verified: 500), Self.row("FR", sent: 1, verified: 0),
            Self.row("GB", sent: 0, verified: 0),
        ])
        let lines = chart.lines(width: 29)
        #expect(lines[0] == "DE ██████████░░░░░░░░░░ 1000")
        #expect(lines[1] == "FR ░ 1")
        #expect(lines[2] == "GB  0")
    }

    @Test("names from a server cannot move the cursor")
    func names() {
        let lines = StatisticsChart([Self.row("\u{1B}[2J", sent: 1, verified: 2)]).lines(width: 40)
        #expect(!lines[0].contains("\u{1B}"))
    }

    @Test("numbers beyond all measure draw a chart like any other")
    func huge() {
        let rows = [Self.row("DE", sent: .max, verified: .max), Self.row("FR", sent: -1, verified: .min)]
        let lines = StatisticsChart(rows).lines(width: 60)
        #expect(lines[0].contains("█") && !lines[0].contains("░") && !lines[1].contains("█"))
    }

    @Test("where nothing was sent it says so") func empty() {
        #expect(StatisticsChart([]).lines(width: 80) == ["nothing was sent"])
    }
}
