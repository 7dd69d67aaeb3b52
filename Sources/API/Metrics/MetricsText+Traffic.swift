import Figures
import HTTPServer

extension MetricsText {
    /// Adds what was answered, and who is connected.
    mutating func add(_ traffic: Traffic) {
        let answers = traffic.answers.sorted { $0.key < $1.key }
        let requests = "countersign_http_requests_total"
        begin(requests, .counter, "Answers by route, method and status.")
        for (kind, histogram) in answers {
            sample(
                requests, [("route", kind.route), ("method", kind.method), ("status", String(kind.status))],
                histogram.count)
        }
        let durations = "countersign_http_request_duration_seconds"
        begin(durations, .histogram, "From a request's last byte to the end of its answer, by route.")
        for (route, histogram) in Self.byRoute(answers) { add(durations, [("route", route)], histogram) }
        add(traffic.connections)
    }

    private mutating func add(_ connections: ConnectionFigures) {
        let gauges = [("open", connections.open), ("waiting", connections.waiting)]
        begin("countersign_http_connections", .gauge, "Connections now, and those of them that wait for something.")
        for (state, count) in gauges { sample("countersign_http_connections", [("state", state)], count) }
        let totals = [("accepted", connections.accepted), ("refused", connections.refused)]
        begin("countersign_http_connections_total", .counter, "Connections since the start.")
        for (result, count) in totals { sample("countersign_http_connections_total", [("result", result)], count) }
    }

    private static func byRoute(
        _ answers: [(key: AnswerKind, value: DurationHistogram)]
    ) -> [(String, DurationHistogram)] {
        var routes: [String: DurationHistogram] = [:]
        for (kind, histogram) in answers { routes[kind.route, default: DurationHistogram()].merge(histogram) }
        return routes.sorted { $0.key < $1.key }
    }

    /// Adds durations as a histogram.
    mutating func add(_ name: String, _ labels: [(String, String)], _ durations: DurationHistogram) {
        histogram(name, labels, bounds: DurationHistogram.bounds, counts: durations.counts, sum: durations.sum)
    }
}

extension AnswerKind {
    fileprivate static func < (one: Self, other: Self) -> Bool {
        (one.route, one.method, one.status) < (other.route, other.method, other.status)
    }
}
