import ArgumentParser
import Glibc

/// Mixed load at half of capacity for a long time: does anything grow, does anything go wrong?
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract:
            "Puts mixed load on two servers, one over TLS, at half of what they can do, and watches what they take.",
        discussion: """
            Exits with 1 where something went wrong that was not meant to, and, from 20 minutes on, where after the first \
            ten the memory of a process grows by 5 % an hour or its descriptors by one.
            """)

    @Option(help: "Seconds of load.")
    var duration = 3600.0

    @Option(help: "A folder on the disk to use.")
    var folder = "."

    @Option(help: "The file that gets a line of JSON for each server every ten seconds.")
    var output = "soak.jsonl"

    func validate() throws {
        guard duration >= 30 else { throw ValidationError("--duration from 30 seconds on") }
    }

    func run() async throws {
        let folder = try WorkFolder(in: folder)
        defer { folder.remove() }
        let run = try SoakRun(Measure.bench(in: folder), duration: duration, output: output)
        defer { run.end() }
        let faults = try run.run()
        for fault in faults { print("✗ \(fault)") }
        if !faults.isEmpty { throw ExitCode(1) }
        let isJudged = duration >= SoakRun.shortestToJudge
        print("✓ nothing went wrong\(isJudged ? ", nothing grew" : "; too short to say what grows"); see \(output)")
    }
}
