import ArgumentParser
import Glibc

/// Many slow clients, each of which sends a byte a second, until the parent ends this process.
struct SlowClients: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "slow-clients", shouldDisplay: false)

    @Option var port: UInt16
    @Option var count: Int
    /// Slow with the handshake; else half of them with the header, half with the body.
    @Flag var handshakes = false

    /// What is printed once all are connected.
    static let ready = "ready"

    func run() throws {
        try DescriptorLimit.allow(count + 64)
        let kinds: [SlowClient.Kind] = handshakes ? [.handshake] : [.header, .body]
        var clients: [SlowClient] = []
        for number in 0..<count { clients.append(try SlowClient(kinds[number % kinds.count], port: port)) }
        print(Self.ready)
        fflush(nil)
        let share = max(1, count / 100)
        while true {
            for start in stride(from: 0, to: count, by: share) {
                let begin = MonotonicClock.now
                for index in start..<min(start + share, count) { try clients[index].step() }
                let rest = 0.01 - MonotonicClock.seconds(since: begin)
                if rest > 0 { usleep(UInt32(rest * 1e6)) }
            }
        }
    }
}
