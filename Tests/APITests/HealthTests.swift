import API
import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Testing

@Suite("Health")
struct HealthTests {
    private static func words(_ answer: TestServer.Answer) -> [String: String] {
        let members = answer.json?["checks"]?.members ?? []
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.text ?? "") })
    }

    @Test("of a server that can do its work is 200, and needs no key")
    func well() async throws {
        let server = try await TestServer()
        for path in ["/health", "/health/ready"] {
            let answer = await server.call(.GET, path)
            #expect(answer.status == 200 && answer.text("status") == "ok")
            #expect(answer.headers["Cache-Control"] == "no-store")
            let words = Self.words(answer)
            #expect(words.count == 9 && words.values.allSatisfy { $0 == "ok" }, "\(words)")
        }
    }

    @Test("without an enclave is 503, names it in a word, and the server is alive all the same")
    func enclave() async throws {
        let server = try await TestServer()
        server.installation.enclave.goDown()
        let answer = await server.call(.GET, "/health/ready")
        #expect(answer.status == 503 && answer.text("status") == "failing" && answer.headers["Retry-After"] != nil)
        #expect(Self.words(answer)["enclave"] == "failing" && Self.words(answer)["database"] == "ok")
        #expect(await server.call(.GET, "/health/live").status == 200)
    }

    /// A server whose enclave is there and keeps every call waiting at the gate.
    private func stopped(_ gate: Gate) async throws -> TestServer {
        try await TestServer(beforeCalls: { _ in await gate.pass() })
    }

    @Test("with an enclave that is there and does not answer is 503, and says just that")
    func stoppedEnclave() async throws {
        let gate = Gate()
        let server = try await stopped(gate)
        let answer = await server.call(.GET, "/health")
        #expect(answer.status == 503 && answer.text("status") == "failing" && answer.headers["Retry-After"] != nil)
        #expect(Self.words(answer)["enclave"] == "not_answering" && Self.words(answer)["database"] == "ok")
        #expect(await server.call(.GET, "/health/live").status == 200)
        let findings = await enclaveFindings(server)
        #expect(findings.map { $0["status"]?.text } == ["failed"])
        #expect(findings.first?["message"]?.text?.contains("does not answer") == true)
        #expect(findings.first?["advice"]?.text == "Wake it.")
        await gate.open()
    }

    @Test("asks an enclave that does not answer one question, however many want to know, and sees when it wakes")
    func oneQuestion() async throws {
        let gate = Gate()
        let server = try await stopped(gate)
        for _ in 1...3 {
            await withTaskGroup { group in
                for _ in 1...100 { group.addTask { #expect(await server.call(.GET, "/health").status == 503) } }
            }
            server.installation.time.advance(seconds: 1)
        }
        #expect(await gate.arrivals == 1)
        await gate.open()
        while await server.call(.GET, "/health").status != 200 { server.installation.time.advance(seconds: 1) }
    }

    private func findings(_ server: TestServer) async -> [JSONValue] {
        await server.call(.GET, "/v1/doctor", key: server.operatorKey).json?["checks"]?.elements ?? []
    }

    private func enclaveFindings(_ server: TestServer) async -> [JSONValue] {
        await findings(server).filter { $0["name"]?.text == "enclave" }
    }

    @Test("on a disk that is there and does not answer is 503, and doctor says just that, and what to do")
    func hungDisk() async throws {
        let disk = Gate()
        let server = try await TestServer(disk: disk)
        let answer = await server.call(.GET, "/health")
        #expect(answer.status == 503 && Self.words(answer)["database"] == "not_answering")
        let findings = await findings(server)
        #expect(findings.map { $0["name"]?.text } == ["database"])
        #expect(findings.first?["status"]?.text == "failed" && findings.first?["advice"]?.text != nil)
        await disk.open()
    }

    @Test("says the same of an enclave that does not answer when the question's own time is over")
    func lateAnswer() async throws {
        let server = try await TestServer(beforeCalls: { _ throws(EnclaveError) in throw EnclaveError(.unavailable) })
        for _ in 1...3 {
            let answer = await server.call(.GET, "/health")
            #expect(answer.status == 503 && Self.words(answer)["enclave"] == "not_answering")
            server.installation.time.advance(seconds: 1)
        }
        server.installation.enclave.goDown()
        #expect(Self.words(await server.call(.GET, "/health"))["enclave"] == "failing")
    }

    @Test("with an enclave that has too much to do is 200, and nobody is told to end it")
    func busyEnclave() async throws {
        let server = try await TestServer(beforeCalls: { _ throws(EnclaveError) in throw EnclaveError(.overloaded) })
        let answer = await server.call(.GET, "/health")
        #expect(answer.status == 200 && answer.text("status") == "degraded")
        #expect(Self.words(answer)["enclave"] == "degraded")
        let findings = await enclaveFindings(server)
        #expect(findings.map { $0["status"]?.text } == ["warning"])
        #expect(findings.first?["advice"]?.text?.contains("Wake") == false)
    }

    @Test("with an enclave that says nothing is 503 too where so many calls wait that no question gets through")
    func stoppedUnderLoad() async throws {
        let server = try await TestServer(
            beforeCalls: { _ throws(EnclaveError) in throw EnclaveError(.overloaded) }, enclaveIsQuiet: true)
        let answer = await server.call(.GET, "/health/ready")
        #expect(answer.status == 503 && Self.words(answer)["enclave"] == "not_answering")
        #expect(await enclaveFindings(server).map { $0["advice"]?.text } == ["Wake it."])
    }

    @Test("without a database is 503")
    func database() async throws {
        let server = try await TestServer()
        await server.installation.database.close()
        let answer = await server.call(.GET, "/health")
        #expect(answer.status == 503 && Self.words(answer)["database"] == "failing")
    }

    @Test("is looked at once for all who ask within a second")
    func remembered() async throws {
        let server = try await TestServer()
        #expect(await server.call(.GET, "/health").status == 200)
        server.installation.enclave.goDown()
        #expect(await server.call(.GET, "/health").status == 200)
        server.installation.time.advance(seconds: 1)
        #expect(await server.call(.GET, "/health").status == 503)
    }

    @Test(
        "on a disk that is nearly full is 200, on one that is full 503",
        arguments: [(2 << 30, 200, "ok"), (500 << 20, 200, "degraded"), (50 << 20, 503, "failing")])
    func disk(_ free: Int, _ status: Int, _ word: String) async throws {
        let server = try await TestServer(
            observation: Observation(files: { FileFigures(free: free, database: 0, log: 0) }))
        let answer = await server.call(.GET, "/health")
        #expect(answer.status == status && answer.text("status") == word && Self.words(answer)["disk"] == word)
    }

    @Test("says nothing but words: no path, no name, no reason")
    func generic() async throws {
        let server = try await TestServer()
        await server.installation.database.close()
        server.installation.enclave.goDown()
        let answer = await server.call(.GET, "/health")
        let allowed: Set = ["ok", "degraded", "failing", "draining"]
        #expect(Self.words(answer).values.allSatisfy(allowed.contains))
        #expect(!answer.text.contains("/"))
    }
}
