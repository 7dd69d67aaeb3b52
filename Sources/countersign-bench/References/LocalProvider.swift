import Glibc

/// A provider of SMS on loopback, over TLS, that takes everything at once (`scripts/benchmarks/provider.py`).
struct LocalProvider {
    let port: UInt16
    /// The authority that vouches for it, PEM.
    let authority: String
    private let process: ChildProcess
    private let output: String

    init(in folder: WorkFolder) throws(BenchmarkError) {
        let certificates = folder.path(folder.freshName("certificates"))
        guard try ChildProcess("scripts/test-servers/make-certificates.sh", [certificates], output: nil).wait() else {
            throw BenchmarkError("scripts/test-servers/make-certificates.sh failed")
        }
        authority = "\(certificates)/ca.pem"
        output = folder.path(folder.freshName("provider"))
        process = try ChildProcess(
            "scripts/benchmarks/provider.py", ["\(certificates)/good.pem", "\(certificates)/good.key"], output: output)
        port = try Self.port(from: output)
    }

    /// Connections that were opened to it so far.
    var connections: Int { Self.lines(of: output).count { $0 == "connection" } }

    func end() { process.end() }

    /// Messages a second that the `curl` command sends over the same number of kept connections.
    func curlRate(messages: Int, connections: Int) throws(BenchmarkError) -> Double {
        let start = MonotonicClock.now
        let curl = try ChildProcess(
            "curl",
            [
                "--silent", "--http1.1", "--cacert", authority, "--parallel", "--parallel-max", "\(connections)",
                "--data", "api_key=abcd1234&to=447700900000&text=402917+is+your+Shop+code.", "--output", "/dev/null",
                "https://localhost:\(port)/sms/json?[1-\(messages)]",
            ], output: nil)
        guard curl.wait() else { throw BenchmarkError("curl failed") }
        return Double(messages) / MonotonicClock.seconds(since: start)
    }

    private static func port(from output: String) throws(BenchmarkError) -> UInt16 {
        let start = MonotonicClock.now
        while MonotonicClock.seconds(since: start) < 10 {
            if let port = lines(of: output).first.flatMap({ UInt16($0) }) { return port }
            usleep(1000)
        }
        throw BenchmarkError("scripts/benchmarks/provider.py does not listen: see \(output).errors")
    }

    private static func lines(of output: String) -> [Substring] {
        (TextFile.read(output) ?? "").split(separator: "\n")
    }
}
