import Glibc

/// One part of the benchmark: measures Countersign and its references in turn, so that both see the same machine.
protocol Scenario {
    /// How `--only` names it.
    static var name: String { get }

    init()

    func measure(_ bench: Bench) async throws(BenchmarkError) -> [Finding]
}

/// What all scenarios share.
struct Bench {
    let programs: Programs
    let folder: WorkFolder
    /// How often each measurement is repeated.
    let runs: Int
    /// How long one run takes.
    let seconds: Double
    /// How many live challenges the scenario about them makes.
    let challenges: Int
    /// How many clients wait at once in the scenario about them.
    let waiting: Int
    /// How many entries the large audit log has.
    let entries: Int
    /// The program that measures Cedar.
    let cedar: String
    /// The folder of the programs that keep no audit log.
    let withoutAuditLog: String

    /// Says on the standard error what is going on.
    func progress(_ text: String) {
        let line = "… \(text)\n"
        write(STDERR_FILENO, line, line.utf8.count)
    }

    /// Runs `body` with the number of each run, from 1.
    func repeated(_ what: String, _ body: (Int) throws(BenchmarkError) -> Void) throws(BenchmarkError) {
        for run in 1...runs {
            progress("\(what), run \(run) of \(runs)")
            try body(run)
        }
    }
}
