import Glibc

/// Load at a fixed rate, whatever the server does: an answer's time counts from the moment at which its request was due, so
/// that a server which stalls does not keep its own stall from being measured.
struct PacedLoad {
    let port: UInt16
    /// Requests a second.
    let rate: Double
    var isSecure = false
    /// Connections; a request that finds none free waits for one.
    var connections = 64

    /// Sends each of the requests once, as long as `seconds` allow.
    /// - Throws: `BenchmarkError` where the server cuts a connection or answers nothing for 10 s.
    func run(_ requests: PreparedRequests, seconds: Double) throws(BenchmarkError) -> LoadResult {
        let count = min(requests.count, Int(seconds * rate))
        var loop = try PacedLoop(self, count)
        defer { loop.close() }
        return try loop.run(requests)
    }
}

private struct PacedLoop {
    private let rate: Double
    private let count: Int
    private var connections: [LoadConnection] = []
    private var watched: [pollfd] = []
    private var idle: [Int] = []
    private var next = 0
    private var result = LoadResult()

    init(_ load: PacedLoad, _ count: Int) throws(BenchmarkError) {
        rate = load.rate
        self.count = count
        for index in 0..<load.connections {
            let connection = try LoadConnection(port: load.port, isSecure: load.isSecure)
            connections.append(connection)
            watched.append(pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0))
            idle.append(index)
        }
    }

    func close() {
        for connection in connections { Glibc.close(connection.descriptor) }
    }

    mutating func run(_ requests: PreparedRequests) throws(BenchmarkError) -> LoadResult {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
        defer { scratch.deallocate() }
        let start = MonotonicClock.now
        var last = start
        while result.latencies.count < count {
            let due = start + UInt64(Double(next) / rate * 1e9)
            let now = MonotonicClock.now
            if next < count, due <= now, let index = idle.popLast() {
                try connections[index].send(next, of: requests)
                connections[index].sentAt = due
                next += 1
                continue
            }
            let isLate = next == count || idle.isEmpty
            if try receive(isLate ? 1_000_000 : due > now ? due - now : 0, scratch) { last = MonotonicClock.now }
            guard idle.count == connections.count || MonotonicClock.seconds(since: last) < 10 else {
                throw BenchmarkError("no answer within 10 s")
            }
        }
        result.elapsed = MonotonicClock.now - start
        return result
    }

    /// Takes the answers that are there, or come before `rest` nanoseconds are over. Returns whether there were any.
    private mutating func receive(
        _ rest: UInt64, _ scratch: UnsafeMutableRawBufferPointer
    ) throws(BenchmarkError) -> Bool {
        guard poll(&watched, nfds_t(watched.count), rest >= 1_000_000 ? 1 : 0) > 0 else {
            // poll() counts in milliseconds, and a loop without a pause would take a core from the server.
            if (1..<1_000_000).contains(rest) { usleep(100) }
            return false
        }
        for index in watched.indices where watched[index].revents != 0 {
            try connections[index].receive(into: scratch)
            guard let response = try connections[index].reader.response() else { continue }
            result.latencies.append(MonotonicClock.now - connections[index].sentAt)
            result.statuses[response.status, default: 0] += 1
            connections[index].reader.reset()
            idle.append(index)
        }
        return true
    }
}
