import AuditLog
import Storage
import TransparencyLog

/// Whether an audit log stays as fast when it has grown: appending, verifying, proofs, exports and searches, all in this
/// process, over a database file.
struct LargeLogScenario: Scenario {
    static let name = "large-log"

    /// Entries of the log that the large one is compared with.
    private static let few = 10_000
    /// Entries of a small log that is exported beside the large one.
    private static let medium = 100_000

    func measure(_ bench: Bench) async throws(BenchmarkError) -> [Finding] {
        do {
            let large = try AuditDatabase(path: bench.folder.path("large.db"))
            let started = MonotonicClock.now
            try await large.append(Self.medium) { _ in }
            let medium = try await LogReadings(large).export()
            try await large.append(max(0, bench.entries - large.count), unit: 5_000) { count in
                if count % 100_000 < 5_000 { bench.progress("\(count) of \(bench.entries) entries written") }
            }
            let seconds = MonotonicClock.seconds(since: started)
            bench.progress("\(large.count) entries in \(Int(seconds)) s")
            let findings = [
                try await Self.appending(large, bench), try await Self.verifying(large, bench),
                try await Self.proving(large, bench), try await Self.exporting(large, medium, bench),
                try await Self.searching(large, bench),
            ]
            await large.close()
            return findings
        } catch {
            throw BenchmarkError("large-log: \(error)")
        }
    }

    /// In turn to a log that is small and to the large one.
    private static func appending(_ large: AuditDatabase, _ bench: Bench) async throws -> Finding {
        var (first, later): ([Double], [Double]) = ([], [])
        let size = large.count
        for run in 1...bench.runs {
            bench.progress("appending, run \(run) of \(bench.runs)")
            if run.isMultiple(of: 2) { later.append(try await large.append(few)) }
            let small = try AuditDatabase(path: bench.folder.path(bench.folder.freshName("small")))
            try await small.append(1_000)
            first.append(try await small.append(few))
            await small.close()
            if !run.isMultiple(of: 2) { later.append(try await large.append(few)) }
        }
        let share = Figure(label: "share of it", unit: "", runs: zip(later, first).map { $0 / $1 })
        return Finding(
            name: "large-log-append", title: "Entries appended and signed, durable, 64 to a unit of work",
            figures: [
                Figure(label: "the first 10,000", unit: "/s", runs: first),
                Figure(label: "10,000 after \(Finding.number(Double(size)))", unit: "/s", runs: later), share,
            ],
            checks: [Check(label: share.label, value: share.median, bound: .atLeast, target: 0.8, unit: "")])
    }

    private static func verifying(_ large: AuditDatabase, _ bench: Bench) async throws -> Finding {
        var (rates, oneCore): ([Double], [Double]) = ([], [])
        for run in 1...bench.runs {
            bench.progress("verifying the large log, run \(run) of \(bench.runs)")
            let (start, used) = (MonotonicClock.now, OwnProcess.processorSeconds)
            let count = Double(try await LogReadings(large).verify())
            rates.append(count / MonotonicClock.seconds(since: start))
            oneCore.append(count / (OwnProcess.processorSeconds - used))
        }
        let rate = Figure(label: "entries verified", unit: "/s", runs: rates)
        return Finding(
            name: "large-log-verify",
            title: "\(Finding.number(Double(large.count))) entries verified, from the database file",
            figures: [rate, Figure(label: "entries a second of processor time", unit: "/s", runs: oneCore)],
            checks: [Check(label: rate.label, value: rate.median, bound: .atLeast, target: 200_000, unit: "/s")])
    }

    private static func proving(_ large: AuditDatabase, _ bench: Bench) async throws -> Finding {
        bench.progress("proofs from the large log")
        let readings = LogReadings(large)
        let (inclusion, consistency) = (try await readings.inclusions(1_000), try await readings.consistencies(1_000))
        return Finding(
            name: "large-log-proof", title: "Proofs from the large log, 1,000 at random places, p99",
            figures: [
                Figure(label: "inclusion, the middle one", unit: "ms", runs: [inclusion.middle]),
                Figure(label: "consistency, the middle one", unit: "ms", runs: [consistency.middle]),
            ],
            checks: [
                Check(label: "inclusion", value: inclusion.slow, bound: .atMost, target: 5, unit: "ms"),
                Check(label: "consistency", value: consistency.slow, bound: .atMost, target: 5, unit: "ms"),
            ])
    }

    private static func exporting(
        _ large: AuditDatabase, _ medium: LogReadings.Export, _ bench: Bench
    ) async throws -> Finding {
        bench.progress("exporting the large log")
        let export = try await LogReadings(large).export()
        return Finding(
            name: "large-log-export", title: "The large log exported as JSON Lines",
            figures: [
                Figure(label: "entries exported", unit: "/s", runs: [export.rate]),
                Figure(label: "bytes of the export", unit: "MB", runs: [export.megabytes]),
                Figure(label: "memory at most, of 100,000 entries", unit: "MiB", runs: [medium.memory]),
                Figure(label: "memory at most, of all", unit: "MiB", runs: [export.memory]),
                Figure(label: "more than before, of 100,000 entries", unit: "MiB", runs: [medium.growth]),
            ],
            checks: [
                Check(label: "more than before, of all", value: export.growth, bound: .atMost, target: 64, unit: "MiB")
            ])
    }

    private static func searching(_ large: AuditDatabase, _ bench: Bench) async throws -> Finding {
        bench.progress("searching the large log")
        let readings = LogReadings(large)
        let middle = large.count / LoggedChallenges.entriesEach / 2
        var (record, person): ([Double], [Double]) = ([], [])
        for run in 0..<bench.runs {
            record.append(try await readings.search(record: middle + run))
            person.append(try await readings.search(person: middle + run))
        }
        return Finding(
            name: "large-log-search", title: "Searches in the large log, and an erasure",
            figures: [
                Figure(label: "the 4 entries of a record", unit: "ms", runs: record),
                Figure(label: "the newest 50 entries of a person", unit: "ms", runs: person),
                Figure(label: "a person erased", unit: "ms", runs: [try await readings.erase(person: middle)]),
            ], checks: [])
    }
}
