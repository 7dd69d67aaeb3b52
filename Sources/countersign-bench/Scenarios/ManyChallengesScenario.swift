/// Many live challenges: the host's memory, and whether finding one takes longer than among a hundred.
struct ManyChallengesScenario: Scenario {
    static let name = "challenges"

    private static let few = 100
    /// Wrong codes for one challenge; one more would lock it.
    private static let attempts = 4
    /// Samples in a run: four hundred requests are over soon, and their rate varies.
    private static let samples = 3

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        bench.progress("sending \(bench.challenges) codes")
        let many = try LiveChallenges(bench.challenges, bench)
        defer { many.server.end() }
        let memory = Figure(label: "host, resident", unit: "MB", runs: [try many.residentMegabytes])
        var amongMany: [Double] = []
        var amongFew: [Double] = []
        try bench.repeated("wrong codes among \(Self.few) and \(bench.challenges)") { _ throws(BenchmarkError) in
            for _ in 0..<Self.samples {
                amongFew.append(try Self.rateAmongFew(bench))
                amongMany.append(try Self.rate(many, sample: amongMany.count))
            }
        }
        return [finding(bench, memory, amongMany: amongMany, amongFew: amongFew)]
    }

    private func finding(_ bench: Bench, _ memory: Figure, amongMany: [Double], amongFew: [Double]) -> Finding {
        let slow = Figure(label: "wrong codes among \(bench.challenges)", unit: "/s", runs: amongMany)
        let fast = Figure(label: "wrong codes among \(Self.few)", unit: "/s", runs: amongFew)
        return Finding(
            name: Self.name, title: "\(bench.challenges) live challenges", figures: [memory, slow, fast],
            checks: [
                Check(label: "host, resident", value: memory.median, bound: .atMost, target: 120, unit: "MB"),
                // Ten percent are what two runs of the same thing differ by.
                Check(
                    label: "share of the rate among \(Self.few)", value: slow.median / fast.median,
                    bound: .atLeast, target: 0.9, unit: ""),
            ])
    }

    /// A fresh server each time: its hundred challenges are used up by one sample.
    private static func rateAmongFew(_ bench: Bench) throws(BenchmarkError) -> Double {
        let challenges = try LiveChallenges(few, bench)
        defer { challenges.server.end() }
        return try rate(challenges, sample: 0)
    }

    /// Wrong codes a second for a hundred challenges that lie far apart, other ones for each sample.
    private static func rate(_ challenges: LiveChallenges, sample: Int) throws(BenchmarkError) -> Double {
        let sent = challenges.sent
        let chosen = stride(from: sample, to: sent.count, by: max(1, sent.count / few)).prefix(few).map { sent[$0] }
        let wrong = (0..<attempts).flatMap { attempt in chosen.map { $0.wrong(attempt) } }
        return try challenges.client.verify(wrong).requiring(400, in: "wrong codes").rate
    }
}

/// A server with some live challenges, warmed up.
private struct LiveChallenges {
    let server: ServerProcess
    let client: Client
    let sent: [SentCode]

    init(_ count: Int, _ bench: Bench) throws(BenchmarkError) {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        server = try installation.serve(in: bench.folder)
        client = Client(port: server.port, key: installation.testKey)
        var numbers = FreshNumbers()
        do {
            sent = try client.send(to: numbers.take(count)).sent
            // Unknown numbers take the same path, and the first requests of a server are slower.
            _ = try client.verify(numbers.take(200).map { SentCode(number: $0, code: "000000") })
        } catch {
            server.end()
            throw error
        }
    }

    var residentMegabytes: Double {
        get throws(BenchmarkError) {
            guard let resident = server.process.residentKibibytes else { throw BenchmarkError("the host has ended") }
            return Double(resident) * 1024 / 1e6
        }
    }
}
