import ArgumentParser
import AuditLog
import Storage

extension AuditCommand.Verify {
    private struct Failure: Encodable { var error: String }

    /// Says what was found. Throws the exit code of a log in which something does not fit.
    func report(_ verdicts: [LogVerdict], ofDatabase isWhole: Bool) throws {
        let isValid = verdicts.allSatisfy(\.valid)
        if output.json {
            if isWhole { try Output.json(DatabaseVerdict(logs: verdicts)) } else { try verdicts.forEach(Output.json) }
        } else {
            for line in verdicts.flatMap(\.lines) { Output.line(line) }
            if !isValid { Output.line("Keep a copy of what was checked, and look at what changed it.") }
        }
        guard isValid else { throw ExitCode(1) }
    }

    /// Says why nothing could be checked. Throws the exit code of that, which is not that of a log that does not fit.
    func fail(_ error: any Error) throws -> Never {
        let reason =
            switch error {
            case let error as LogReadingError: "the log cannot be read: \(error.code)"
            case let error as StorageError: "the log cannot be read: \(error.reason)"
            default: "\(error)"
            }
        if output.json { try Output.json(Failure(error: reason)) } else { Terminal.say("Error: \(reason)") }
        throw ExitCode(2)
    }
}
