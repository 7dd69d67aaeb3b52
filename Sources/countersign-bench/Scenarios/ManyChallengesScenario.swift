/// Many live challenges: the host's memory, and whether finding one takes longer than among a hundred.
struct ManyChallengesScenario: Scenario {
    static let name = "challenges"

    private static let few = 100
    /// Wrong codes for one challenge; one more would lock it.
    private static let attempts = 4

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        var amongFew: [Double] = []
        try bench.repeated("wrong codes among \(Self.few) challenges") { _ throws(BenchmarkError) in
            amongFew.append(try measureOnce(bench, Self.few, samples: 1).rates[0])
        }
        bench.progress("sending \(bench.challenges) codes")
        let many = try measureOnce(bench, bench.challenges, samples: bench.runs)
        let memory = Figure(label: "host, resident", unit: "MB", runs: [Double(many.residentKibibytes) * 1024 / 1e6])
        let slow = Figure(label: "wrong codes among \(bench.challenges)", unit: "/s", runs: many.rates)
        let fast = Figure(label: "wrong codes among \(Self.few)", unit: "/s", runs: amongFew)
        return [
            Finding(
                name: Self.name, title: "\(bench.challenges) live challenges", figures: [memory, slow, fast],
                checks: [
                    Check(label: "host, resident", value: memory.median, bound: .atMost, target: 120, unit: "MB"),
                    // Ten percent are what two runs of the same thing differ by.
                    Check(
                        label: "share of the rate among \(Self.few)", value: slow.median / fast.median,
                        bound: .atLeast, target: 0.9, unit: ""),
                ])
        ]
    }

    /// Sends `count` codes on a fresh installation and verifies wrong ones for `samples` times a hundred of them.
    private func measureOnce(
        _ bench: Bench, _ count: Int, samples: Int
    ) throws(BenchmarkError) -> (rates: [Double], residentKibibytes: Int) {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let server = try installation.serve(in: bench.folder)
        defer { server.end() }
        let client = Client(port: server.port, key: installation.testKey)
        var numbers = FreshNumbers()
        let (_, sent) = try client.send(to: numbers.take(count))
        // Unknown numbers take the same path; the first requests of a server are slower.
        _ = try client.verify(wrongCodes(for: numbers.take(Self.few).map { SentCode(number: $0, code: "") }))
        var rates: [Double] = []
        for sample in 0..<samples {
            // A hundred that lie far apart.
            let chosen = stride(from: sample, to: sent.count, by: max(1, sent.count / Self.few)).prefix(Self.few)
            let result = try client.verify(wrongCodes(for: chosen.map { sent[$0] }))
            rates.append(try result.requiring(400, in: "wrong codes").rate)
        }
        guard let resident = server.process.residentKibibytes else { throw BenchmarkError("the host has ended") }
        return (rates, resident)
    }

    private func wrongCodes(for sent: [SentCode]) -> [SentCode] {
        (0..<Self.attempts).flatMap { attempt in
            sent.map { SentCode(number: $0.number, code: $0.code == "00000\(attempt)" ? "999999" : "00000\(attempt)") }
        }
    }
}
