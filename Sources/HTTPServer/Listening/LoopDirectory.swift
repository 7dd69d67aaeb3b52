import NIOCore

/// Finds what the connections of an event loop share.
final class LoopDirectory: Sendable {
    private typealias Box = NIOLoopBoundBox<LoopConnections?>

    private let boxes: [ObjectIdentifier: Box]
    private let eventLoops: [any EventLoop]
    private let configuration: ServerConfiguration
    private let traffic: Traffic

    init(group: any EventLoopGroup, configuration: ServerConfiguration, traffic: Traffic) {
        self.configuration = configuration
        self.traffic = traffic
        eventLoops = Array(group.makeIterator())
        boxes = Dictionary(
            uniqueKeysWithValues: eventLoops.map { loop in
                (ObjectIdentifier(loop), Box.makeEmptyBox(valueType: LoopConnections.self, eventLoop: loop))
            })
    }

    /// What the connections of this loop share. Only called on the loop.
    func connections(on eventLoop: any EventLoop) -> LoopConnections {
        let box = boxes[ObjectIdentifier(eventLoop)]
        if let connections = box?.value { return connections }
        let connections = LoopConnections(
            eventLoop: eventLoop, configuration: configuration, traffic: traffic.loop())
        box?.value = connections
        return connections
    }

    /// Runs `body` on every loop, one after the other.
    func forEach(_ body: @escaping @Sendable (LoopConnections) -> Void) async {
        for loop in eventLoops {
            _ = try? await loop.submit { body(self.connections(on: loop)) }.get()
        }
    }

    /// Closes every connection, and tells how many there were.
    func cut() async -> Int {
        var count = 0
        for loop in eventLoops {
            count += (try? await loop.submit { self.connections(on: loop).cut() }.get()) ?? 0
        }
        return count
    }
}
