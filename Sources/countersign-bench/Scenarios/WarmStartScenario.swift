/// From the start of the program on existing data to its first answer.
struct WarmStartScenario: Scenario {
    static let name = "start"
    private static let starts = 10

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        try installation.serve(in: bench.folder).end()
        var times: [Double] = []
        bench.progress("\(Self.starts) warm starts")
        for _ in 0..<Self.starts {
            let server = try installation.serve(in: bench.folder)
            times.append(Double(server.startingTime) / 1e6)
            server.end()
        }
        let figure = Figure(label: "warm start to first answer", unit: "ms", runs: times)
        return [
            Finding(
                name: Self.name, title: "Warm start: GET /.well-known/jwks.json on existing data", figures: [figure],
                checks: [Check(label: "median", value: figure.median, bound: .atMost, target: 300, unit: "ms")])
        ]
    }
}
