import Encodings
import Glibc
import JOSE
import Policies

extension PolicyFile {
    /// Reads a file that somebody named. Throws `CommandError` with file, line and rule of everything that is wrong.
    static func named(_ path: String) throws(CommandError) -> PolicyFile {
        guard access(path, F_OK) == 0 else { throw CommandError("there is no file \(path)") }
        do throws(PolicyFileError) {
            return try PolicyFile(path: path)
        } catch {
            throw CommandError("\(error)\nNothing was changed.")
        }
    }

    /// The policies as they are sent to a server.
    var documents: JSONValue { .array(policies.map(\.document)) }

    /// What the server refused, at the rule's line in the file at `path`.
    func located(_ error: CommandError, in path: String) -> CommandError {
        guard !error.faults.isEmpty else { return error }
        let lines = error.faults.map { fault in
            let policy = fault["policy"]?.text
            let line = policy.flatMap { self.line(of: $0) }.map { ":\($0)" } ?? ""
            let rule = policy.map { "policy \(JSONText.quoted($0)): " } ?? ""
            let field = fault["field"]?.text ?? ""
            return "\(path)\(line): \(rule)\(field.isEmpty ? "" : field + " ")\(fault["message"]?.text ?? "")"
        }
        return CommandError((lines + ["Nothing was changed."]).joined(separator: "\n"), code: error.code)
    }
}
