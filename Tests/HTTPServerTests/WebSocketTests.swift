import HTTPServer
import Testing

@Suite("A WebSocket")
struct WebSocketTests {
    private static func router(
        _ feed: Feed<String>, _ incoming: WebSocketMessages.Incoming = .ignored, _ endless: Endless<String>? = nil
    ) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/socket") { _ in .webSocket(feed.sequence(), incoming: incoming) }
        try router.on(.GET, "/fails") { _ in .webSocket(Failing(element: "half")) }
        if let endless { try router.on(.GET, "/endless") { _ in .webSocket(endless) } }
        return router
    }

    /// What `body` returns with an open WebSocket.
    private static func withSocket<Value: Sendable>(
        _ feed: Feed<String> = Feed(), incoming: WebSocketMessages.Incoming = .ignored,
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Client) throws -> Value
    ) async throws -> Value {
        try await withServer(router(feed, incoming), change) { server, address in
            let value = try await withClient(address) { client in
                try client.openWebSocket()
                return try body(client)
            }
            try await untilTrue { server.openConnections == 0 && server.waitingClients == 0 && feed.ended == 1 }
            return value
        }
    }

    @Test("carries each message as text, short or long, and is closed when there are no more")
    func messages() async throws {
        let feed = Feed<String>()
        let texts = ["", "a", "zwölf €", String(repeating: "x", count: 126), String(repeating: "y", count: 70_000)]
        let received = try await Self.withSocket(feed) { client in
            for text in texts { feed.tell(text) }
            let frames = try texts.map { _ in try client.readFrame().text }
            feed.finish()
            #expect(try client.readCloseCode() == 1000)
            try client.send(.close(1000))
            #expect(try client.isClosed())
            return frames
        }
        #expect(received == texts)
    }

    @Test("answers a ping with what it held, alone or inside a message of several frames")
    func ping() async throws {
        try await Self.withSocket { client in
            try client.send(.ping("are you there"))
            #expect(try client.readFrame() == ServerFrame(first: 0x8A, content: Array("are you there".utf8)))
            try client.send(Frame(first: 0x01, content: [0x61]))
            try client.send(.ping())
            #expect(try client.readFrame() == ServerFrame(first: 0x8A, content: []))
            try client.send(Frame(first: 0x80, content: [0x62]))
            try client.send(.pong)
            try client.send(.ping(String(repeating: "x", count: 125)))
            #expect(try client.readFrame().content.count == 125)
        }
    }

    @Test("reads frames that come byte by byte")
    func byteByByte() async throws {
        let frames = [Frame.text("hello"), .ping("one"), .text(String(repeating: "x", count: 200)), .close(1000)]
        try await Self.withSocket { client in
            for byte in frames.flatMap(\.bytes) { try client.send([byte]) }
            #expect(try client.readFrame() == ServerFrame(first: 0x8A, content: Array("one".utf8)))
            #expect(try client.readCloseCode() == 1000)
            #expect(try client.isClosed())
        }
    }

    @Test(
        "answers a close frame with its code and closes",
        arguments: [nil, 1000, 1001, 1014, 3000, 4999] as [UInt16?])
    func clientCloses(_ code: UInt16?) async throws {
        try await Self.withSocket { client in
            try client.send(.close(code, code == nil ? "" : "até logo"))
            let answer = try client.readFrame()
            #expect(answer.first == 0x88)
            #expect(answer.closeCode == code)
            #expect(try client.isClosed())
        }
    }

    @Test("is closed with 1002 for a frame that RFC 6455 does not allow", arguments: WrongFrame.allCases)
    func wrongFrame(_ wrong: WrongFrame) async throws {
        try await Self.withSocket { client in
            for frame in wrong.frames { try client.send(frame) }
            #expect(try client.readCloseCode() == 1002)
            #expect(try client.isClosed())
        }
    }

    @Test("is closed with 1007 for a reason that is no text")
    func reasonNoText() async throws {
        try await Self.withSocket { client in
            try client.send(Frame(first: 0x88, content: [0x03, 0xE8, 0xFF]))
            #expect(try client.readCloseCode() == 1007)
        }
    }

    @Test(
        "is closed with 1009 for a message that is too long, before it has come",
        arguments: [
            [Frame(first: 0x82, lengthBytes: [126, 0x10, 0x01])],
            [Frame(first: 0x81, lengthBytes: [127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])],
            [Frame(first: 0x01, content: Array(repeating: 0x78, count: 4096)), Frame(first: 0x80, content: [0x78])],
        ])
    func tooLong(_ frames: [Frame]) async throws {
        try await Self.withSocket { client in
            for frame in frames { try client.send(frame) }
            #expect(try client.readCloseCode() == 1009)
            #expect(try client.isClosed())
        }
    }

    @Test("lets a megabyte that is refused run into the void, so that the client reads why")
    func megabyte() async throws {
        let code = try await Self.withSocket { client in
            try? client.send(Frame(first: 0x82, content: Array(repeating: 0x78, count: 1_000_000)))
            return try client.readCloseCode()
        }
        #expect(code == 1009)
    }

    @Test("drops messages up to the limit, or is closed with 1003 where the route refuses them")
    func incoming() async throws {
        let long = Frame(first: 0x82, content: Array(repeating: 0x78, count: 4096))
        try await Self.withSocket { client in
            for frame in [long, long, .text("x"), .ping()] { try client.send(frame) }
            #expect(try client.readFrame().first == 0x8A)
        }
        try await Self.withSocket(incoming: .refused) { client in
            try client.send(.text("x"))
            #expect(try client.readCloseCode() == 1003)
        }
    }

    @Test("is closed with 1008 for a client that floods it with frames", arguments: [Frame.ping(), .text("x"), .pong])
    func flood(_ frame: Frame) async throws {
        let code = try await Self.withSocket { client in
            try? client.send(Array(repeating: frame.bytes, count: 100_000).flatMap { $0 })
            return try client.readCloseCode()
        }
        #expect(code == 1008)
    }

    @Test("pings its client, who answers and is asked again")
    func heartbeat() async throws {
        try await Self.withSocket(Feed(), { $0.heartbeatInterval = .milliseconds(50) }) { client in
            for _ in 0..<3 {
                #expect(try client.readFrame() == ServerFrame(first: 0x89, content: []))
                try client.send(.pong)
            }
        }
    }

    @Test("is cut where a ping is not answered, whatever else the client sends")
    func noAnswer() async throws {
        let limits: (inout ServerConfiguration) -> Void = {
            $0.heartbeatInterval = .milliseconds(50)
            $0.answerDeadline = .milliseconds(300)
        }
        let isCut = try await Self.withSocket(Feed(), limits) { client in
            // A frame that would take an hour.
            for byte in Frame(first: 0x81, content: Array(repeating: 0x78, count: 4096)).bytes {
                try? client.send([byte])
                if client.hasInput(within: 10), try client.isClosed() { return true }
            }
            return false
        }
        #expect(isCut)
    }

    @Test("takes messages no faster than the client reads, and is cut where it takes none for too long")
    func backPressure() async throws {
        let taken = Counter()
        let endless = Endless(element: String(repeating: "x", count: 16 * 1024), taken: taken)
        let router = try Self.router(Feed(), .ignored, endless)
        try await withServer(router, { $0.answerDeadline = .milliseconds(300) }) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.openWebSocket("/endless")
            try await untilTrue { taken.count > 0 && server.openConnections == 0 }
            #expect(taken.count < 1000)
            #expect(server.waitingClients == 0)
        }
    }

    @Test("does not read on from a client that takes no answers")
    func pongsNotTaken() async throws {
        let taken = Counter()
        let endless = Endless(element: String(repeating: "x", count: 16 * 1024), taken: taken)
        let router = try Self.router(Feed(), .ignored, endless)
        let limits: (inout ServerConfiguration) -> Void = { $0.maximumFrames = .max }
        try await withServer(router, limits) { _, address in
            let accepted = try await onThread {
                let client = try Client(address, receiveBuffer: 4096)
                try client.openWebSocket("/endless")
                let pings = Frame.ping(String(repeating: "x", count: 125)).bytes
                return client.sendWithoutWaiting(Array(repeating: pings, count: 200_000).flatMap { $0 })
            }
            // What the kernel holds is a few megabytes; 26 were offered.
            #expect(accepted < 16_000_000)
        }
    }

    @Test("whose messages fail is closed with 1011")
    func failure() async throws {
        try await withServer(Self.router(Feed())) { _, address in
            let (text, code) = try await withClient(address) { client in
                try client.openWebSocket("/fails")
                return (try client.readFrame().text, try client.readCloseCode())
            }
            #expect(text == "half")
            #expect(code == 1011)
        }
    }

    @Test("ends its messages when the client leaves without a word", arguments: [false, true])
    func clientLeaves(isReset: Bool) async throws {
        try await Self.withSocket { client in
            if isReset { client.reset() }
        }
    }

    @Test("over a Unix socket is one too")
    func unixSocket() async throws {
        let feed = Feed<String>()
        let path = "/tmp/countersign-\(RequestIdentifier()).sock"
        let server = Server(router: try Self.router(feed), logger: .silent)
        try await server.start(on: .unixSocket(path: path))
        try await withClient(.unixSocket(path: path)) { client in
            try client.openWebSocket()
            feed.tell("hello")
            #expect(try client.readFrame().text == "hello")
        }
        #expect(await server.shutdown(within: .seconds(5)) == 0)
    }
}

/// Frames that no client may send.
enum WrongFrame: CaseIterable {
    case unmasked
    case reservedBit
    case unknownOpcode
    case unknownControl
    case longPing
    case pingInFragments
    case lengthNotShortest
    case lengthNotShort
    case negativeLength
    case continuationOfNothing
    case messageInsideMessage
    case closeOfOneByte
    case codeForNothing
    case codeForLostConnection
    case codeOfNobody

    var frames: [Frame] {
        switch self {
        case .unmasked: [Frame(first: 0x81, isMasked: false, content: [0x78])]
        case .reservedBit: [Frame(first: 0xC1, content: [0x78])]
        case .unknownOpcode: [Frame(first: 0x83)]
        case .unknownControl: [Frame(first: 0x8B)]
        case .longPing: [Frame(first: 0x89, content: Array(repeating: 0x78, count: 126))]
        case .pingInFragments: [Frame(first: 0x09)]
        case .lengthNotShortest: [Frame(first: 0x81, lengthBytes: [126, 0, 125])]
        case .lengthNotShort: [Frame(first: 0x81, lengthBytes: [127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])]
        case .negativeLength: [Frame(first: 0x82, lengthBytes: [127] + Array(repeating: 0xFF, count: 8))]
        case .continuationOfNothing: [Frame(first: 0x80, content: [0x78])]
        case .messageInsideMessage: [Frame(first: 0x01, content: [0x78]), .text("x")]
        case .closeOfOneByte: [Frame(first: 0x88, content: [0x03])]
        case .codeForNothing: [.close(1005)]
        case .codeForLostConnection: [.close(1006)]
        case .codeOfNobody: [.close(5000)]
        }
    }
}
