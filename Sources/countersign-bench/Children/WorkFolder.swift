import Glibc

/// A folder for data and logs of one benchmark, removed at its end.
final class WorkFolder {
    let root: String
    private var names = 0

    /// Makes a new folder inside `parent`, which decides whose disk is measured, and `parent` where there is none.
    init(in parent: String) throws(BenchmarkError) {
        guard mkdir(parent, 0o700) == 0 || errno == EEXIST else { throw .system("mkdir \(parent)") }
        var template = Array("\(parent)/benchmark.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw .system("mkdtemp in \(parent)") }
        root = String(cString: made)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func freshName(_ name: String) -> String {
        names += 1
        return "\(name)-\(names)"
    }

    func remove() {
        _ = try? ChildProcess("rm", ["-rf", root], output: nil).wait()
    }
}
