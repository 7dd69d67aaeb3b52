import Glibc

/// The load of a soak and its samples.
final class SoakRun {
    private static let sampleInterval = 10.0
    /// Caches, ledgers and connections fill up for as long as a code lives.
    private static let warmUp = 600.0
    /// Below, nothing can be said about an hour.
    static let shortestToJudge = 1200.0
    /// More errors than anybody reads.
    private static let patience = 100

    private let bench: Bench
    private let duration: Double
    private let output: String
    private let receiver: LocalProvider
    private let sites: [SoakSite]
    private var samples: [SoakSample] = []

    init(_ bench: Bench, duration: Double, output: String) throws(BenchmarkError) {
        self.bench = bench
        self.duration = duration
        self.output = output
        receiver = try LocalProvider(in: bench.folder)
        let plain = try SoakSite(bench, "plain", nil, receiver: receiver)
        do throws(BenchmarkError) {
            sites = [plain, try SoakSite(bench, "tls", try CertificatePair(bench), receiver: receiver)]
        } catch {
            plain.end()
            receiver.end()
            throw error
        }
    }

    func end() {
        for site in sites { site.end() }
        receiver.end()
    }

    /// Returns what is wrong.
    func run() throws(BenchmarkError) -> [String] {
        try TextFile.write("", to: output)
        for site in sites { try site.subscribe(receiver) }
        let interval = 2 / capacity()
        bench.progress("a round at each server every \(Finding.number(interval * 1000)) ms, \(Int(duration)) s")
        let start = MonotonicClock.now
        var next = 0.0
        var nextSample = 0.0
        while MonotonicClock.seconds(since: start) < duration, errorCount < Self.patience {
            let now = MonotonicClock.seconds(since: start)
            if now >= nextSample {
                try take(at: now)
                nextSample += Self.sampleInterval
            }
            if now < next { usleep(UInt32(min(next - now, 1) * 1e6)) }
            for site in sites { site.round() }
            next += interval
        }
        for site in sites { site.awaitWebhooks() }
        try take(at: MonotonicClock.seconds(since: start))
        return errors + growth
    }

    /// Rounds at each server a second where none waits for its turn.
    private func capacity() -> Double {
        let seconds = min(30, duration / 10)
        let start = MonotonicClock.now
        var rounds = 0.0
        repeat {
            for site in sites { site.round() }
            rounds += 1
        } while MonotonicClock.seconds(since: start) < seconds
        return rounds / MonotonicClock.seconds(since: start)
    }

    private func take(at seconds: Double) throws(BenchmarkError) {
        guard let file = fopen(output, "a") else { throw .system("fopen \(output)") }
        defer { fclose(file) }
        for site in sites {
            let sample = try site.sample(seconds: seconds)
            samples.append(sample)
            guard let line = try? sample.line else { throw BenchmarkError("a sample cannot be written") }
            fputs(line, file)
        }
    }

    private var errorCount: Int { sites.reduce(0) { $0 + $1.errors.count } }
    private var errors: [String] { sites.flatMap { site in site.errors.map { "\(site.name): \($0)" } } }

    /// What grew after the first minutes.
    private var growth: [String] {
        sites.flatMap { site in
            let rest = samples.filter { $0.site == site.name && $0.seconds >= min(Self.warmUp, duration / 6) }
            return growth("\(site.name), host", rest.map { ($0.seconds, $0.host) })
                + growth("\(site.name), enclave", rest.map { ($0.seconds, $0.enclave) })
        }
    }

    private func growth(_ name: String, _ samples: [(seconds: Double, process: SoakSample.Process)]) -> [String] {
        func series(_ value: (SoakSample.Process) -> Int) -> [(seconds: Double, value: Double)] {
            samples.map { ($0.seconds, Double(value($0.process))) }
        }
        let memory = series(\.residentKibibytes)
        let share = Growth.anHour(memory) / max(1, Growth.median(memory.map(\.value)))
        let descriptors = Growth.anHour(series(\.descriptors))
        bench.progress(
            "\(name): memory \(Finding.number(share * 100)) % an hour, descriptors \(Finding.number(descriptors))")
        guard duration >= Self.shortestToJudge else { return [] }
        return (share < 0.05 ? [] : ["\(name): memory grows by \(Finding.number(share * 100)) % an hour"])
            + (descriptors < 1 ? [] : ["\(name): descriptors grow by \(Finding.number(descriptors)) an hour"])
    }
}
