/// How many connections a second `openssl s_time` opens, shakes hands on and closes; several of them at once.
struct HandshakeRate {
    private static let clients = 4

    /// - Parameter version: `tls1_2` or `tls1_3`.
    static func measure(
        port: UInt16, version: String, seconds: Int, folder: WorkFolder
    ) throws(BenchmarkError) -> Double {
        let arguments = ["s_time", "-connect", "127.0.0.1:\(port)", "-new", "-\(version)", "-time", "\(seconds)"]
        var running: [(ChildProcess, String)] = []
        for _ in 0..<clients {
            let output = folder.path(folder.freshName("s_time.log"))
            running.append((try ChildProcess("openssl", arguments, output: output), output))
        }
        var total = 0.0
        for (client, output) in running {
            client.wait()
            total += try rate(in: TextFile.read(output) ?? "")
        }
        return total
    }

    /// `7113 connections in 3 real seconds, 0 bytes read per connection`
    private static func rate(in text: String) throws(BenchmarkError) -> Double {
        let line = text.split(separator: "\n").first { $0.contains("real seconds") }
        let words = line?.split(separator: " ") ?? []
        guard words.count > 3, let count = Double(words[0]), let seconds = Double(words[3]), seconds > 0 else {
            throw BenchmarkError("openssl s_time printed no rate")
        }
        return count / seconds
    }
}
