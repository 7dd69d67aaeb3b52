import ArgumentParser
import FoundationEssentials
import JOSE
import Policies
import Synchronization
import Workspaces

extension PolicyCommand {
    /// `countersign policy replay`
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what a file's policies would have decided otherwise on the requests of the last days.",
            discussion: "countersign policy replay --since 7d policies.yaml\nNothing is changed.")

        @OptionGroup var options: CommandOptions
        @Argument(help: "The file, such as policies.yaml.") var file: String
        @Option(help: "How far back, such as 7d, 12h or 30m, or a time such as 2026-11-21T12:00:00Z.") var since: String
        @Option(help: "How many of the changes to print.") var limit = 20

        func run() async throws {
            let policies = try PolicyFile.named(file)
            let now = WallClock.system.now()
            guard let start = PastTime(since, now: now) else {
                throw CommandError(
                    "--since must be a number of days, hours or minutes (7d, 12h, 30m) or a time, not \(since)")
            }
            let collector = ReplayCollector(since: start.milliseconds, now: now)
            let body = JSONValue.members(["policies": policies.documents, "since": .string(start.text)])
            do {
                try await options.connection().lines("POST", "/v1/policies/replay", body: body) { collector.take($0) }
            } catch let error as CommandError {
                throw policies.located(error, in: file)
            }
            Terminal.progress("")
            let report = collector.report
            guard report.isComplete else {
                throw CommandError(
                    "the server broke off after \(report.tried) requests: look in its log, and try again")
            }
            options.json
                ? Output.json(report.document(since: start.text)) : report.print(since: start.text, limit: limit)
        }
    }
}

/// A time in the past, as somebody types it.
struct PastTime {
    let milliseconds: Int64

    /// A time in RFC 3339, or a number of days, hours or minutes before `now`, Unix milliseconds. Nil for anything else.
    init?(_ text: String, now: Int64) {
        let units: [Character: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]
        if let unit = text.last.flatMap({ units[$0] }) {
            guard let count = Int64(text.dropLast()), (1...1_000_000).contains(count) else { return nil }
            milliseconds = now - count * unit
        } else {
            let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            guard let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: exact)) else {
                return nil
            }
            milliseconds = Int64(date.timeIntervalSince1970 * 1000)
        }
    }

    /// RFC 3339.
    var text: String { Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601) }
}

/// Takes a replay's lines as they come, and shows how far it is.
final class ReplayCollector: Sendable {
    private let collected = Mutex(ReplayReport())
    private let since: Int64
    private let now: Int64

    /// The times from which to which requests are tried, Unix milliseconds.
    init(since: Int64, now: Int64) {
        self.since = since
        self.now = now
    }

    var report: ReplayReport { collected.withLock { $0 } }

    func take(_ line: JSONValue) {
        let tried = collected.withLock { report in
            report.take(line)
            return report.tried
        }
        guard let reached = line["reached"]?.text, let date = PastTime(reached, now: now) else { return }
        let share = 100 * (date.milliseconds - since) / max(1, now - since)
        Terminal.progress("\(tried) requests tried, \(min(100, max(0, share))) % of the time")
    }
}

/// What a replay found.
struct ReplayReport: Sendable {
    private(set) var tried = 0
    private(set) var changes: [JSONValue] = []
    /// False until the server said that this is all.
    private(set) var isComplete = false

    mutating func take(_ line: JSONValue) {
        if let change = line["change"] { changes.append(change) }
        if let count = line["tried"]?.wholeNumber { tried = count }
        if line["done"]?.isTrue == true { isComplete = true }
    }

    /// How many changed from what to what, the most first.
    var transitions: [(words: String, count: Int)] {
        var counts: [String: Int] = [:]
        for change in changes {
            counts["\(change["before"]?.text ?? "") → \(change["after"]?.text ?? "")", default: 0] += 1
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    func document(since: String) -> JSONValue {
        .members([
            "since": .string(since), "tried": .integer(Int64(tried)), "changed": .integer(Int64(changes.count)),
            "changes": .array(changes),
        ])
    }

    func print(since: String, limit: Int) {
        Output.line("\(tried) requests since \(since); \(changes.count) would be decided otherwise.")
        Output.columns(transitions.map { ["  \($0.words)", String($0.count)] })
        Output.columns(
            changes.prefix(max(0, limit)).map { change in
                let text = { (name: String) in change[name]?.text ?? "" }
                return [text("permission"), text("action"), "\(text("before")) → \(text("after"))", text("reason")]
            })
        if changes.count > limit { Output.line("… and \(changes.count - limit) more; --json lists all.") }
    }
}
