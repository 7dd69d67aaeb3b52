import Glibc

/// Puts load on a server: some keep-alive connections, one thread, one request under way on each connection.
struct LoadGenerator {
    /// Called with the request's index, the status and the body of each answer.
    typealias Observer = (Int, Int, ArraySlice<UInt8>) -> Void

    /// How the requests are chosen.
    enum Choice {
        /// Each once, in order; the run ends with the last.
        case once
        /// Over and over.
        case repeating
    }

    let port: UInt16
    var connections = 64
    /// Whether to speak TLS.
    var isSecure = false

    /// Runs until `seconds` are over or, with `.once`, all requests are answered.
    /// - Throws: `BenchmarkError` where the server cuts a connection.
    func run(
        _ requests: PreparedRequests, _ choice: Choice, seconds: Double, observer: Observer? = nil
    ) throws(BenchmarkError) -> LoadResult {
        var loop = try LoadLoop(
            port: port, connections: min(connections, choice == .once ? requests.count : connections),
            isSecure: isSecure)
        defer { loop.close() }
        return try loop.run(requests, choice, seconds: seconds, observer: observer)
    }
}

/// The connections of one run.
private struct LoadLoop {
    private var connections: [LoadConnection] = []
    private var watched: [pollfd] = []
    private var next = 0
    private var underWay = 0
    private var result = LoadResult()

    init(port: UInt16, connections count: Int, isSecure: Bool) throws(BenchmarkError) {
        for _ in 0..<count {
            let connection = try LoadConnection(port: port, isSecure: isSecure)
            connections.append(connection)
            watched.append(pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0))
        }
    }

    func close() {
        for connection in connections { Glibc.close(connection.descriptor) }
    }

    mutating func run(
        _ requests: PreparedRequests, _ choice: LoadGenerator.Choice, seconds: Double,
        observer: LoadGenerator.Observer?
    ) throws(BenchmarkError) -> LoadResult {
        let start = MonotonicClock.now
        let deadline = start + UInt64(seconds * 1e9)
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
        defer { scratch.deallocate() }
        for index in connections.indices { try sendNext(on: index, requests, choice) }
        while underWay > 0 {
            let ready = poll(&watched, nfds_t(watched.count), 10_000)
            guard ready > 0 || errno == EINTR else { throw BenchmarkError("no answer within 10 s") }
            for index in watched.indices where watched[index].revents != 0 {
                try connections[index].receive(into: scratch)
                guard try finish(index, observer) else { continue }
                if MonotonicClock.now < deadline { try sendNext(on: index, requests, choice) }
            }
        }
        result.elapsed = MonotonicClock.now - start
        return result
    }

    private mutating func sendNext(
        on index: Int, _ requests: PreparedRequests, _ choice: LoadGenerator.Choice
    ) throws(BenchmarkError) {
        if choice == .once && next == requests.count { return }
        try connections[index].send(next % requests.count, of: requests)
        next += 1
        underWay += 1
    }

    /// Records a complete answer; false while it is not complete.
    private mutating func finish(
        _ index: Int, _ observer: LoadGenerator.Observer?
    ) throws(BenchmarkError) -> Bool {
        guard let response = try connections[index].reader.response() else { return false }
        result.latencies.append(MonotonicClock.now - connections[index].sentAt)
        result.statuses[response.status, default: 0] += 1
        observer?(connections[index].request, response.status, connections[index].reader.buffer[response.body])
        connections[index].reader.reset()
        underWay -= 1
        return true
    }
}
