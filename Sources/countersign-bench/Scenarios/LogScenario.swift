import Crypto
import TransparencyLog

/// How fast a log is verified, in this process on one core, beside SHA-256 over the same bytes.
struct LogScenario: Scenario {
    static let name = "log"

    /// Enough for three levels of tiles, and little enough for memory: the verifier does the same for each bundle.
    private static let entries = 100_000
    /// Bytes of an entry of the audit log, about.
    private static let length = 300

    func measure(_ bench: Bench) async throws(BenchmarkError) -> [Finding] {
        do {
            let log = try BenchmarkLog(count: Self.entries, length: Self.length)
            var verified: [Double] = []
            var hashed: [Double] = []
            for run in 1...bench.runs {
                bench.progress("verifying a log, run \(run) of \(bench.runs)")
                verified.append(try await Self.verifications(log, bench.seconds))
                hashed.append(Self.hashes(bench.seconds / 2))
            }
            return [Self.finding(verified, hashed)]
        } catch {
            throw BenchmarkError("log: \(error)")
        }
    }

    private static func finding(_ verified: [Double], _ hashed: [Double]) -> Finding {
        let figure = Figure(label: "entries verified", unit: "/s", runs: verified)
        let reference = Figure(label: "SHA-256 of a leaf and a node", unit: "/s", runs: hashed)
        return Finding(
            name: "log-verify", title: "A log of \(length)-byte entries verified, in process, one core",
            figures: [figure, reference],
            checks: [Check(label: figure.label, value: figure.median, bound: .atLeast, target: 200_000, unit: "/s")])
    }

    private static func verifications(_ log: BenchmarkLog, _ seconds: Double) async throws -> Double {
        let start = MonotonicClock.now
        var done = 0
        while MonotonicClock.seconds(since: start) < seconds {
            done += try await LogVerifier(log, key: log.key).verify().entries.count
        }
        return Double(done) / MonotonicClock.seconds(since: start)
    }

    /// What cannot be saved: each entry is hashed once, and there are as many nodes as entries.
    private static func hashes(_ seconds: Double) -> Double {
        let entry = [UInt8](repeating: UInt8(ascii: "x"), count: 1 + length)
        let node = [UInt8](repeating: 0, count: 1 + 2 * LogHash.length)
        let start = MonotonicClock.now
        var done = 0
        var ones = 0
        while MonotonicClock.seconds(since: start) < seconds {
            for _ in 0..<1000 {
                if SHA256.hash(data: entry) == SHA256.hash(data: node) { ones += 1 }
            }
            done += 1000
        }
        return ones == 0 ? Double(done) / MonotonicClock.seconds(since: start) : 0
    }
}
