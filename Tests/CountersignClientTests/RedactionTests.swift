import CountersignClient
import Foundation
import Testing

@Suite("Nothing secret shows")
struct RedactionTests {
    private static let mark = "s3cr3t"

    @Test("printing, interpolating, dumping or mirroring a value shows no key, token or code of it")
    func values() async throws {
        for value in try await Self.values() {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [
                "\(value)", String(describing: value), String(reflecting: value), dumped, Self.mirrored(value),
            ] {
                #expect(!text.contains(Self.mark), "\(type(of: value))")
                #expect(!text.contains(PlayedServer.code), "\(type(of: value))")
                #expect(!text.contains("session-token") && !text.contains("verification-token"), "\(type(of: value))")
            }
        }
    }

    @Test("a client key shows its thumbprint and nothing of its private half")
    func clientKey() {
        let key = InMemoryKey()
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)".contains(key.publicKey.thumbprint))
        #expect(!dumped.contains(key.representation.reveal()) && Mirror(reflecting: key).children.isEmpty)
    }

    @Test("an error shows nothing of the request that failed")
    func errors() async throws {
        for status in [200, 302, 400, 401, 500] {
            let scripted = try ScriptedClient(
                ScriptedTransport(ScriptedTransport.answering(status, "{}")), credential: .secretKey(Self.mark))
            let error = await #expect(throws: CountersignError.self) {
                try await scripted.client.passcodes.verify(PlayedServer.code, from: PlayedServer.contact)
            }
            let text = String(reflecting: try #require(error))
            for secret in [Self.mark, PlayedServer.code, PlayedServer.contact] { #expect(!text.contains(secret)) }
        }
    }

    /// One of each kind, with a secret in it.
    private static func values() async throws -> [Any] {
        let played = PlayedServer()
        let (key, credential) = (InMemoryKey(), Credential.secretKey(mark))
        let configuration = ClientConfiguration(server: EnclaveDouble.issuer, credential: credential)
        let session = try await played.session(key)
        let client = try CountersignClient(configuration, transport: played)
        let secrets: [Any] = [Secret(mark), [Secret(mark)], credential, configuration, client, client.passcodes]
        let sealed: [Any] = [try await played.verification(key), session, key]
        let network: [Any] = try #require(played.seen.sent.last).revealing(mark)
        return secrets + sealed + network
    }

    private static func mirrored(_ value: Any) -> String {
        Mirror(reflecting: value).children.map { "\($0.value) " + mirrored($0.value) }.joined()
    }
}

extension TransportRequest {
    /// This request with a secret in header and body, and an answer with one.
    fileprivate func revealing(_ secret: String) -> [Any] {
        var request = self
        request.headers["Authorization"] = secret
        request.body = Data(secret.utf8)
        return [request, TransportResponse(status: 200, headers: ["Authorization": secret], body: Data(secret.utf8))]
    }
}
