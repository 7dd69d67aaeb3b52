import CountersignClient
import Foundation
import Testing

@Suite("The server's address")
struct AddressTests {
    @Test(
        "plain HTTP goes to this machine only",
        arguments: [
            "http://login.example.com", "http://192.168.0.1:3000", "http://10.0.0.1", "http://0.0.0.0:3000",
            "http://127.0.0.1.example.com", "http://localhost.example.com", "http://127.1", "http://127.0.0.256",
            "http://127.00.0.1", "http://0x7f.0.0.1", "http://[::2]", "http://[::ffff:10.0.0.1]", "HTTP://example.com",
        ])
    func plainElsewhere(_ server: String) throws {
        let error = #expect(throws: CountersignError.self) { try CountersignClient(.init(server: server)) }
        #expect(error?.code == .insecureAddress || error?.code == .invalidAddress)
    }

    @Test(
        "an address is HTTPS, or plain HTTP to loopback",
        arguments: [
            "https://login.example.com", "HTTPS://LOGIN.EXAMPLE.COM/", "https://example.com:8443/countersign",
            "http://localhost:3000", "http://127.0.0.1:3000/", "http://127.8.9.10", "http://[::1]:3000",
        ])
    func addresses(_ server: String) throws {
        _ = try CountersignClient(.init(server: server))
    }

    @Test(
        "what is no address of a server is refused",
        arguments: [
            "", "login.example.com", "https://", "ftp://example.com", "file:///etc/passwd",
            "https://user:word@example.com",
            "https://example.com?x=1", "https://example.com#x",
        ])
    func noAddress(_ server: String) {
        let error = #expect(throws: CountersignError.self) { try CountersignClient(.init(server: server)) }
        #expect(error?.code == .invalidAddress)
    }

    @Test(
        "a path of the address stands before every path",
        arguments: ["https://example.com/a", "https://example.com/a/"])
    func prefix(_ server: String) async throws {
        let network = ScriptedTransport(ScriptedTransport.answering(200, #"{"req_id":"oe_1","success":true}"#))
        let client = try CountersignClient(
            .init(server: server, credential: .secretKey("sk_test_1")), transport: network)
        _ = try await client.passcodes.send(to: "ada@example.com", application: "Example")
        #expect(network.sent.map(\.url.absoluteString) == ["https://example.com/a/api/v1/send-otp"])
    }

    @Test(
        "a redirect is not followed: keys, tokens and codes go to the configured server only",
        arguments: [301, 302, 307, 308])
    func redirect(_ status: Int) async throws {
        let network = ScriptedTransport(
            ScriptedTransport.answering(status, "", headers: ["Location": "https://elsewhere.example.com"]))
        let client = try CountersignClient(
            .init(server: "https://example.com", credential: .secretKey("sk_test_1")), transport: network)
        await #expect(throws: CountersignError.code(.answerUnreadable)) {
            try await client.passcodes.send(to: "ada@example.com", application: "Example")
        }
        #expect(network.sent.count == 1)
    }
}
