import Glibc

/// How many RSA signatures a second OpenSSL's own benchmark makes on all cores, by the clock on the wall.
struct SigningRate {
    static func rsa2048(seconds: Int, folder: WorkFolder) throws(BenchmarkError) -> Double {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let text = try ChildProcess.printed(
            "openssl", ["speed", "-elapsed", "-seconds", "\(seconds)", "-multi", "\(cores)", "rsa2048"],
            output: folder.path("openssl.log"))
        // rsa 2048 bits 0.000336s 0.000010s   2972.9  98765.4
        let line = text.split(separator: "\n").last { $0.hasPrefix("rsa 2048 bits") }
        let numbers = line?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } ?? []
        guard numbers.count >= 3 else { throw BenchmarkError("openssl speed printed no line for rsa 2048") }
        return numbers[numbers.count - 2]
    }
}
