import FoundationEssentials
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import countersign

@Suite("A command's request and its answer")
struct CommandExchangeTests {
    @Test(
        "a connection that ends with an answer is closed before anybody has the answer, and no other request takes it",
        arguments: [("close", false), ("keep-alive", true)])
    func closing(_ field: String, _ staysOpen: Bool) throws {
        let channel = EmbeddedChannel()
        let ready = channel.eventLoop.makePromise(of: Void.self)
        try channel.pipeline.syncOperations.addHandler(ExchangeHandler(nil, isEncrypted: false, ready: ready))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try ready.futureResult.wait()
        let answer = channel.eventLoop.makePromise(of: CommandResponse.self)
        let wasOpen = Mutex<Bool?>(nil)
        answer.futureResult.whenComplete { _ in wasOpen.withLock { $0 = channel.isActive } }
        let request = CommandRequest(method: "POST", path: "/v1/keys", headers: [:], body: Data("{}".utf8))
        channel.writeAndFlush(
            CommandExchange(request: request, authority: "localhost", take: nil, answer: answer), promise: nil)
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: ["Connection": field, "Content-Length": "0"])
        channel.pipeline.fireChannelRead(NIOAny(HTTPClientResponsePart.head(head)))
        channel.pipeline.fireChannelRead(NIOAny(HTTPClientResponsePart.end(nil)))
        #expect(try answer.futureResult.wait().status == 200)
        #expect(wasOpen.withLock { $0 } == staysOpen)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
