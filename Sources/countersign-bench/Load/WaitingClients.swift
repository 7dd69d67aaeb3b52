import Glibc

/// Clients that have sent a request each, and wait.
struct WaitingClients {
    private static let patience = 30.0

    private var descriptors: [Int32] = []

    /// Opens connections and sends one of the requests on each, in turn.
    init(_ count: Int, port: UInt16, requests: [String]) throws(BenchmarkError) {
        try DescriptorLimit.allow(count + 64)
        for number in 0..<count {
            let request = requests[number % requests.count]
            let connection = try LoadConnection(port: port)
            descriptors.append(connection.descriptor)
            guard send(connection.descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count
            else { throw .system("send") }
        }
    }

    func close() {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }

    /// Waits until every client has received this text, among whatever else.
    func awaitAll(_ text: String) throws(BenchmarkError) {
        let start = MonotonicClock.now
        var watched = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var received = [[UInt8]](repeating: [], count: descriptors.count)
        var left = descriptors.count
        var chunk = [UInt8](repeating: 0, count: 4096)
        while left > 0 {
            guard poll(&watched, nfds_t(watched.count), 1000) >= 0, MonotonicClock.seconds(since: start) < Self.patience
            else { throw BenchmarkError("\(left) of \(descriptors.count) clients did not receive \"\(text)\"") }
            for index in watched.indices where watched[index].revents != 0 {
                let count = recv(watched[index].fd, &chunk, chunk.count, 0)
                guard count > 0 else { throw BenchmarkError("the server closed the connection of one who waits") }
                received[index] += chunk[..<count]
                guard String(decoding: received[index], as: UTF8.self).contains(text) else { continue }
                // A negative descriptor is one that poll() leaves out.
                watched[index].fd = -1
                left -= 1
            }
        }
    }
}
