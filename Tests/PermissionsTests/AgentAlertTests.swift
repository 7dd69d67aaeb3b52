import Testing

@testable import Permissions

@Suite("Alerts about agents")
struct AgentAlertTests {
    private static func figures(
        _ period: MetricsPeriod, requests: Int = 0, approved: Int = 0, denied: Int = 0, used: Int = 0, unused: Int = 0,
        failures: Int = 0
    ) -> AgentFigures {
        AgentFigures(
            period: period, requests: requests, approved: approved, denied: denied, pending: 0, expired: 0,
            tokensIssued: used + unused, tokensUsed: used, tokensUnused: unused, failedAuthentications: failures,
            averageApproval: nil)
    }

    private func isRaised(_ alert: AgentAlert, _ hour: AgentFigures, requestsOfDay: Int = 0) -> Bool {
        let day = Self.figures(.day, requests: requestsOfDay)
        return alert.reading(hour: hour, day: day).map { $0.value > $0.limit } ?? false
    }

    @Test("more than half denied is an alert, half of it is none, and of a few nobody is told")
    func denials() {
        #expect(isRaised(.denialRate, Self.figures(.hour, approved: 9, denied: 11)))
        #expect(!isRaised(.denialRate, Self.figures(.hour, approved: 10, denied: 10)))
        #expect(!isRaised(.denialRate, Self.figures(.hour, approved: 1, denied: 18)))
    }

    @Test("more than 30 % of tokens unused is an alert")
    func unused() {
        #expect(isRaised(.unusedTokens, Self.figures(.hour, used: 69, unused: 31)))
        #expect(!isRaised(.unusedTokens, Self.figures(.hour, used: 70, unused: 30)))
        #expect(!isRaised(.unusedTokens, Self.figures(.hour, used: 0, unused: 19)))
    }

    @Test("three times the usual volume is an alert, from a hundred requests on")
    func volume() {
        #expect(isRaised(.requestVolume, Self.figures(.hour, requests: 301), requestsOfDay: 2400))
        #expect(!isRaised(.requestVolume, Self.figures(.hour, requests: 300), requestsOfDay: 2400))
        #expect(!isRaised(.requestVolume, Self.figures(.hour, requests: 99), requestsOfDay: 100))
        // The first hour of an installation is no surprise.
        #expect(!isRaised(.requestVolume, Self.figures(.hour, requests: 100), requestsOfDay: 100))
    }

    @Test("more than fifty refused keys are an alert")
    func failures() {
        #expect(isRaised(.failedAuthentications, Self.figures(.hour, failures: 51)))
        #expect(!isRaised(.failedAuthentications, Self.figures(.hour, failures: 50)))
    }
}
