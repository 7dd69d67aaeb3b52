import COpenSSLTLS
import NIOCore
import Testing

@testable import HTTPServer

@Suite("TLS over a channel without a socket")
struct TLSHandlerTests {
    private let folder: CertificateFolder
    private let context: TLSContext

    init() throws {
        folder = try CertificateFolder()
        context = try folder.context()
    }

    private func conversation(
        latest: Int32 = TLS1_3_VERSION, protocols: [String] = []
    ) throws -> TLSConversation {
        try TLSConversation(context, client: TLSClient(latest: latest, protocols: protocols))
    }

    @Test(
        "what is said arrives, however the bytes are cut",
        arguments: [1, 7, 1000, Int.max], [TLS1_2_VERSION, TLS1_3_VERSION])
    func pieces(length: Int, version: Int32) throws {
        let conversation = try conversation(latest: version)
        conversation.pieces = length
        try conversation.shakeHands()
        #expect(conversation.behind.transport == Transport(isEncrypted: true))
        conversation.client.write("a question")
        try conversation.exchange()
        #expect(conversation.behind.received == "a question")
        try conversation.channel.writeOutbound(ByteBuffer(string: "an answer"))
        try conversation.exchange()
        #expect(String(decoding: conversation.client.received, as: UTF8.self) == "an answer")
    }

    @Test("many records in one read arrive whole and in order")
    func manyRecords() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        let words = (0..<2000).map { "word \($0) " }
        for word in words { conversation.client.write(word) }
        try conversation.exchange()
        #expect(conversation.behind.received == words.joined())
    }

    @Test("small writes leave as one record, and each hears of the flush")
    func coalescing() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        let writes = (0..<50).map { conversation.channel.write(ByteBuffer(string: "\($0) ")) }
        conversation.channel.flush()
        let bytes = try conversation.leaving()
        #expect(Int(bytes[3]) << 8 | Int(bytes[4]) == bytes.count - 5)
        for write in writes { try write.wait() }
        conversation.client.give(bytes)
        try conversation.client.read()
        #expect(String(decoding: conversation.client.received, as: UTF8.self) == (0..<50).map { "\($0) " }.joined())
    }

    @Test("whole records reach the channel before they are flushed, so that its writability tells of them")
    func early() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        let before = conversation.front.writes
        conversation.channel.write(ByteBuffer(repeating: 0x61, count: 100), promise: nil)
        #expect(conversation.front.writes == before)
        conversation.channel.write(ByteBuffer(repeating: 0x61, count: 40_000), promise: nil)
        #expect(conversation.front.writes > before)
        conversation.channel.flush()
        try conversation.exchange()
        #expect(conversation.client.received.count == 40_100)
    }

    @Test("each long write hears when it was taken itself, and not when the last one was")
    func longWrites() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        let before = conversation.front.heardOf
        let writes = (0..<3).map { _ in conversation.channel.write(ByteBuffer(repeating: 0x61, count: 40_000)) }
        #expect(conversation.front.heardOf == before + 3)
        conversation.channel.flush()
        for write in writes { try write.wait() }
    }

    @Test("nothing is read while the client takes nothing")
    func backPressure() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        conversation.channel.isWritable = false
        let before = conversation.front.reads
        conversation.channel.read()
        #expect(conversation.front.reads == before)
        conversation.channel.isWritable = true
        conversation.channel.pipeline.fireChannelWritabilityChanged()
        #expect(conversation.front.reads == before + 1)
    }

    @Test("the client's close_notify ends its half alone, and is told once")
    func clientEnds() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        conversation.client.write("last words")
        conversation.client.end()
        try conversation.arrive(conversation.client.take())
        conversation.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(conversation.behind.received == "last words")
        #expect(conversation.behind.inputEnds == 1)
        try conversation.channel.writeOutbound(ByteBuffer(string: "an answer"))
        conversation.client.give(try conversation.leaving())
        try conversation.client.read()
        #expect(String(decoding: conversation.client.received, as: UTF8.self) == "an answer")
    }

    @Test("the server's end is said to the client, and what is written after it fails")
    func serverEnds() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        conversation.channel.close(mode: .output, promise: nil)
        try conversation.exchange()
        #expect(conversation.client.isServerDone)
        #expect(throws: ChannelError.self) {
            try conversation.channel.writeAndFlush(ByteBuffer(string: "too late")).wait()
        }
    }

    @Test("the server's end is not said where an answer broke off")
    func brokenOff() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        conversation.channel.pipeline.triggerUserOutboundEvent(AnswerBrokenOff(), promise: nil)
        conversation.channel.close(mode: .output, promise: nil)
        try conversation.exchange()
        #expect(!conversation.client.isServerDone && conversation.front.closes == [.output])
    }

    @Test("what waits for a flush fails when the connection goes", arguments: [true, false])
    func lost(afterHandshake: Bool) throws {
        let conversation = try conversation()
        if afterHandshake { try conversation.shakeHands() }
        let write = conversation.channel.write(ByteBuffer(string: "never"))
        conversation.channel.pipeline.fireChannelInactive()
        #expect(throws: ChannelError.self) { try write.wait() }
    }

    @Test("a client that leaves in the middle of the handshake is let go", arguments: [1, 6, 100])
    func leaving(length: Int) throws {
        let conversation = try conversation()
        _ = try conversation.client.shakeHands()
        try conversation.arrive(Array(conversation.client.take().prefix(length)))
        conversation.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(conversation.front.closes.contains(.all))
        #expect(conversation.behind.transport == nil)
    }

    @Test(
        "what is no handshake is refused, and nothing of it passes",
        arguments: [
            [UInt8](repeating: 0, count: 600), Array(repeating: 0x16, count: 600), [0x16, 3, 1, 0, 4, 1, 0, 0, 0],
            Array(0..<255) + Array(0..<255), [0x17, 3, 3, 0, 1, 0], [0x15, 3, 1, 0, 2, 2, 40],
        ])
    func garbage(bytes: [UInt8]) throws {
        let conversation = try conversation()
        try conversation.arrive(bytes)
        #expect(conversation.behind.faults.count == 1)
        #expect(conversation.behind.received == "" && conversation.behind.transport == nil)
        try conversation.arrive(bytes)
        #expect(conversation.behind.faults.count == 1)
    }

    @Test("one changed bit in a record ends the connection, and nothing of the record passes")
    func forged() throws {
        let conversation = try conversation()
        try conversation.shakeHands()
        conversation.client.write("transfer")
        var bytes = conversation.client.take()
        bytes[bytes.count - 1] ^= 1
        try conversation.arrive(bytes)
        #expect(conversation.behind.faults.count == 1)
        #expect(conversation.behind.received == "")
    }

    @Test("a hello without end is cut off")
    func hugeHello() throws {
        let conversation = try conversation()
        // A ClientHello of 100,000 bytes, in records of 16,384.
        let record: [UInt8] = [0x16, 3, 1, 0x40, 0] + [UInt8](repeating: 0, count: 0x4000)
        var first = record
        first.replaceSubrange(5..<9, with: [1, 1, 0x86, 0xA0])
        try conversation.arrive(first)
        #expect(conversation.behind.faults.isEmpty)
        try conversation.arrive(record)
        #expect(conversation.behind.faults == [.handshakeTooLong])
    }

    @Test("a new handshake on an open connection is refused")
    func renegotiation() throws {
        let conversation = try conversation(latest: TLS1_2_VERSION)
        try conversation.shakeHands()
        conversation.client.renegotiate()
        let failure = #expect(throws: TLSClient.Failure.self) {
            _ = try conversation.client.shakeHands()
            try conversation.exchange()
        }
        #expect(failure?.reason == "no renegotiation")
    }

    @Test("versions before 1.2 are refused", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func oldVersions(version: Int32) throws {
        let conversation = try conversation(latest: version)
        let failure = #expect(throws: TLSClient.Failure.self) { try conversation.shakeHands() }
        #expect(failure?.reason == "tlsv1 alert protocol version")
        #expect(conversation.behind.faults == [.refused("unsupported protocol")])
    }

    @Test("HTTP/1.1 is chosen where it is offered")
    func chosenProtocol() throws {
        let conversation = try conversation(protocols: ["h2", "http/1.1"])
        try conversation.shakeHands()
        #expect(conversation.client.chosenProtocol == "http/1.1")
    }

    @Test(
        "a client that offers other protocols alone is told that there is none",
        arguments: [["h2"], ["http/1.10", "x"]])
    func otherProtocols(offers: [String]) throws {
        let conversation = try conversation(protocols: offers)
        let failure = #expect(throws: TLSClient.Failure.self) { try conversation.shakeHands() }
        #expect(failure?.reason == "tlsv1 alert no application protocol")
    }

    @Test("who speaks plain HTTP is told so")
    func plainHTTP() throws {
        let conversation = try conversation()
        try conversation.arrive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let answer = String(decoding: try conversation.leaving(), as: UTF8.self)
        #expect(answer == "no TLS")
        #expect(conversation.behind.faults == [.plainHTTP])
    }
}
