import EnclaveLink
import Testing
import Threads

@testable import Enclave

extension DeliveryTests {
    @Suite struct HTTPSConnectionTests {
        private static let form = HTTPSRequest(
            path: "/turnstile/v0/siteverify", headers: ["Content-Type: application/x-www-form-urlencoded"],
            body: Array("response=solved".utf8))

        /// What a request to this server comes to. It runs on a thread of its own, which the filter of `connect` stays
        /// with.
        private func result(
            _ server: CaptchaServer, _ request: HTTPSRequest = form, within limit: Duration = .seconds(20)
        ) async throws -> Result<HTTPSAnswer, HTTPSError> {
            Courier.warmUp()
            let host = try LoopbackHost()
            let authorities = try TrustedAuthorities(TestCertificates.shared.get().authority())
            let destination = Destination(host: "localhost", port: server.port)
            return await withCheckedContinuation { continuation in
                _ = DetachedThread.start("https") {
                    let result = Result { () throws(HTTPSError) in
                        let connection = try? HTTPSConnection(
                            for: .provider, trusting: authorities, descriptors: host)
                        guard let connection else { throw .protocolBroken }
                        return try connection.send(request, to: destination, until: .now + limit)
                    }
                    UnfilteredThread.run { continuation.resume(returning: result) }
                }
            }
        }

        @Test("an answer comes with its status, whatever that is", arguments: [200, 404, 500])
        func answers(_ status: Int) async throws {
            let server = try CaptchaServer(["--status", "\(status)", "--answer", "[1, 2]"])
            let result = try await result(server)
            #expect(
                result
                    == .success(
                        HTTPSAnswer(
                            status: status, contentType: "application/json", body: Array("[1, 2]".utf8))))
        }

        @Test(
            "each way to fail has its own name",
            arguments: [
                (["--fault", "hang"], HTTPSError.timedOut), (["--fault", "drip"], .timedOut),
                (["--fault", "huge"], .answerTooLong), (["--fault", "headers"], .answerTooLong),
                (["--fault", "cut"], .unreachable), (["--fault", "cut-chunked"], .unreachable),
                (["--fault", "no-http"], .protocolBroken), (["--plain"], .protocolBroken),
                (["--old-tls"], .protocolBroken), (["--fault", "two-lengths"], .protocolBroken),
                (["--fault", "listed-lengths"], .protocolBroken),
            ])
        func failures(_ options: [String], _ error: HTTPSError) async throws {
            let server = try CaptchaServer(options)
            #expect(try await result(server, within: .seconds(error == .timedOut ? 1 : 20)) == .failure(error))
        }

        @Test("a wrong certificate is told apart", arguments: [TestCertificates.Server.wrongName, .other])
        func certificate(_ certificate: TestCertificates.Server) async throws {
            let server = try CaptchaServer(certificate: certificate)
            #expect(try await result(server) == .failure(.certificateRefused))
        }

        @Test("a header of two lines is not sent", arguments: ["A: b\r\nC: d", "A: b\nC: d", "A: b\0"])
        func headers(_ header: String) async throws {
            let server = try CaptchaServer()
            var request = Self.form
            request.headers.append(header)
            #expect(try await result(server, request) == .failure(.protocolBroken))
            #expect(try server.end().isEmpty)
        }

        @Test("an empty body is a body")
        func empty() async throws {
            let server = try CaptchaServer(["--answer", "{}"])
            var request = Self.form
            request.body = []
            #expect(
                try await result(server, request)
                    == .success(
                        HTTPSAnswer(
                            status: 200, contentType: "application/json", body: Array("{}".utf8))))
            #expect(try await server.nextRequest().fields == [:])
        }

        @Test("neither a print nor a dump of a request shows what is in it")
        func redaction() {
            var request = Self.form
            request.body = Array("secret".utf8)
            var dumped = ""
            dump(request, to: &dumped)
            #expect(!"\(request)\(String(reflecting: request))\(dumped)".contains("115"))
        }
    }
}
