import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

@Suite("A client of ours, and whom it believes")
struct TLSTrustTests {
    private let folder: CertificateFolder
    private let context: TLSContext

    init() throws {
        folder = try CertificateFolder(host: "login.example.com")
        context = try folder.context()
    }

    /// Client and server on channels without sockets, after all was said that they say by themselves.
    private func meet(
        _ trust: TLSTrust, as host: String
    ) throws -> (client: TLSSide, server: TLSSide) {
        let server = try TLSSide(TLSHandler(#require(TLSSession(context))))
        let client = try TLSSide(trust.handler(to: host))
        try client.talk(to: server)
        return (client, server)
    }

    private func ownTrust() throws -> TLSTrust { try TLSTrust(authorities: folder.files.certificate) }

    @Test("a server that its own authority vouches for is believed, and what is said arrives both ways")
    func believed() throws {
        let (client, server) = try meet(ownTrust(), as: "login.example.com")
        #expect(client.behind.transport == Transport(isEncrypted: true))
        try client.channel.writeOutbound(ByteBuffer(string: "a question"))
        try client.talk(to: server)
        try server.channel.writeOutbound(ByteBuffer(string: "an answer"))
        try client.talk(to: server)
        #expect(server.behind.received == "a question" && client.behind.received == "an answer")
    }

    @Test("addresses are looked for among the certificate's addresses")
    func address() throws {
        try folder.renew(host: "192.0.2.7")
        let server = try folder.context()
        for (host, isBelieved) in [("192.0.2.7", true), ("192.0.2.8", false)] {
            let client = try TLSSide(ownTrust().handler(to: host))
            try client.talk(to: TLSSide(TLSHandler(#require(TLSSession(server)))))
            #expect((client.behind.transport != nil) == isBelieved)
        }
    }

    @Test("another name, or an authority that nobody knows, is not believed, and nothing is said to it")
    func others() throws {
        let stranger = try CertificateFolder(host: "login.example.com")
        for (trust, host) in [
            (try ownTrust(), "other.example.com"),
            (try TLSTrust(authorities: stranger.files.certificate), "login.example.com"),
            (try TLSTrust(), "login.example.com"),
        ] {
            let (client, server) = try meet(trust, as: host)
            guard case .untrusted(let reason)? = client.behind.faults.first else {
                Issue.record("it is believed as \(host)")
                continue
            }
            #expect(!reason.isEmpty && client.behind.transport == nil)
            #expect(throws: (any Error).self) { try client.channel.writeOutbound(ByteBuffer(string: "a secret")) }
            try client.talk(to: server)
            #expect(server.behind.received.isEmpty)
        }
    }

    @Test("a server that speaks plain HTTP is called that")
    func plain() throws {
        let client = try TLSSide(ownTrust().handler(to: "login.example.com"))
        client.channel.pipeline.fireChannelRead(NIOAny(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n")))
        #expect(client.behind.faults == [.plainHTTP])
    }

    @Test("a file that is missing, or holds no certificate, is named")
    func files() throws {
        #expect(throws: TLSError.unreadable("", "")) { try TLSTrust(authorities: folder.path + "/none") }
        #expect(throws: TLSError.noCertificate("")) { try TLSTrust(authorities: folder.files.key) }
    }
}

/// One end of a conversation over TLS, on a channel without a socket.
private final class TLSSide {
    let channel = EmbeddedChannel()
    let behind = Behind()

    init(_ handler: any ChannelHandler) throws {
        try channel.pipeline.syncOperations.addHandlers([Front(), handler, behind])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    /// Carries bytes both ways until both are silent.
    func talk(to other: TLSSide) throws {
        while try pass(to: other) || other.pass(to: self) {}
    }

    private func pass(to other: TLSSide) throws -> Bool {
        var hasPassed = false
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            other.channel.pipeline.fireChannelRead(NIOAny(bytes))
            other.channel.pipeline.fireChannelReadComplete()
            hasPassed = true
        }
        return hasPassed
    }
}
