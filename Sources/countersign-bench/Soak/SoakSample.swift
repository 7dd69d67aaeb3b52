import FoundationEssentials
import Glibc

/// What a server takes of its machine at one moment.
struct SoakSample: Encodable {
    /// Of the process that this is about.
    struct Process: Encodable {
        let residentKibibytes: Int
        let descriptors: Int
        let threads: Int

        /// - Throws: `BenchmarkError` where it does not run, or is none that this user may look at.
        init(_ identifier: pid_t, _ name: String) throws(BenchmarkError) {
            let status = TextFile.read("/proc/\(identifier)/status") ?? ""
            func number(_ field: String) -> Int? {
                let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
                return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
            }
            guard let resident = number("VmRSS"), let threads = number("Threads"),
                let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd").count
            else { throw BenchmarkError("the \(name) is gone, or is not ours to look at") }
            residentKibibytes = resident
            self.descriptors = descriptors
            self.threads = threads
        }
    }

    /// Since the load began.
    let seconds: Double
    let site: String
    let host: Process
    let enclave: Process
    let databaseBytes: Int
    let rounds: Int
    let errors: Int

    /// The sample as a line of JSON.
    var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}
