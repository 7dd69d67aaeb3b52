import FoundationEssentials
import Glibc

/// One installation under load: its server, and somebody of each kind who uses it.
final class SoakSite {
    let name: String
    private let installation: Installation
    private let server: ServerProcess
    private let enclave: pid_t
    private let users: SoakUsers
    private let isSecure: Bool
    private var numbers = FreshNumbers()
    private(set) var rounds = 0
    private(set) var errors: [String] = []

    /// - Parameter receiver: takes the webhooks.
    init(_ bench: Bench, _ name: String, _ pair: CertificatePair?, receiver: LocalProvider) throws(BenchmarkError) {
        self.name = name
        isSecure = pair != nil
        installation = try Installation(programs: bench.programs, folder: bench.folder)
        try TextFile.write(TextFile.read(receiver.authority) ?? "", to: "\(installation.data)/ca.pem")
        try TextFile.write(
            "webhooks:\n  private_hosts: [localhost]\n  ca_file: ca.pem\n", to: "\(installation.data)/enclave.yaml")
        let server = try installation.serve(in: bench.folder, pair)
        self.server = server
        do throws(BenchmarkError) {
            users = try SoakUsers(installation, server, bench, isSecure: isSecure)
            enclave = try Self.child(of: server.process.identifier)
        } catch {
            server.end()
            throw error
        }
    }

    /// Has everything that happens told to `receiver`.
    func subscribe(_ receiver: LocalProvider) throws(BenchmarkError) {
        try call(
            "webhook", 201, post: "/v1/webhooks", #"{"url":"https://localhost:\#(receiver.port)/hook"}"#)
    }

    func end() { server.end() }

    /// Does each thing that there is to do, some of it wrong, and notes what did not go as it should.
    func round() {
        do throws(BenchmarkError) {
            try codes()
            try sealed()
            try permissions()
            try approval()
            try readings()
        } catch {
            errors.append("\(error)")
        }
        rounds += 1
    }

    /// Waits until all webhooks have arrived.
    func awaitWebhooks() {
        let start = MonotonicClock.now
        var state = ""
        while MonotonicClock.seconds(since: start) < 30 {
            state = (try? call("webhooks", 200, get: "/v1/webhooks")) ?? ""
            if state.contains(#""waiting":0"#), state.contains(#""dropped":0"#), state.contains(#""failures":0"#) {
                return
            }
            usleep(200_000)
        }
        errors.append("webhooks did not arrive: \(state)")
    }

    func sample(seconds: Double) throws(BenchmarkError) -> SoakSample {
        SoakSample(
            seconds: seconds, site: name, host: try .init(server.process.identifier, "host"),
            enclave: try .init(enclave, "enclave"), databaseBytes: databaseBytes, rounds: rounds, errors: errors.count)
    }

    private func codes() throws(BenchmarkError) {
        let (_, sent) = try users.passcodes.send(to: numbers.take(40))
        _ = try users.passcodes.verify(sent.map { $0.wrong(1) }).requiring(400, in: "wrong code")
        _ = try users.passcodes.verify(sent).requiring(200, in: "right code")
        _ = try users.passcodes.verify(sent).requiring(400, in: "code once more")
    }

    private func sealed() throws(BenchmarkError) {
        let (_, targets) = try users.dialect.initiate(10, seconds: 10)
        let (_, tokens) = try users.dialect.verify(targets, seconds: 10)
        _ = try users.dialect.logIn(tokens, seconds: 10)
    }

    private func permissions() throws(BenchmarkError) {
        let (_, grants) = try users.agent.request(20, seconds: 10)
        _ = try users.agent.use(grants, seconds: 10)
    }

    /// A permission that its agent waits for, and that a person gives.
    private func approval() throws(BenchmarkError) {
        let permission = try users.asker.pending()
        var request = PreparedRequests()
        request.get("/api/v1/permissions/\(permission)?wait=20", key: users.asker.key)
        var waiting = try LoadConnection(port: server.port, isSecure: isSecure)
        defer { close(waiting.descriptor) }
        try waiting.send(0, of: request)
        try call("decide", 200, post: "/api/v1/permissions/\(permission)/decide", #"{"approved":true}"#)
        guard let answer = try waiting.answer(), answer.contains(#""status":"approved""#) else {
            throw BenchmarkError("who waits was not told")
        }
    }

    private func readings() throws(BenchmarkError) {
        for path in ["/api/v1/permissions?limit=50", "/v1/log/entries?limit=50", "/v1/webhooks", "/metrics"] {
            try call(path, 200, get: path)
        }
    }

    @discardableResult
    private func call(
        _ what: String, _ status: Int, post path: String, _ json: String
    ) throws(BenchmarkError) -> String {
        var request = PreparedRequests()
        request.post(path, json: json, key: installation.operatorKey)
        return try run(request, what, status)
    }

    @discardableResult
    private func call(_ what: String, _ status: Int, get path: String) throws(BenchmarkError) -> String {
        var request = PreparedRequests()
        request.get(path, key: installation.operatorKey)
        return try run(request, what, status)
    }

    private func run(_ request: PreparedRequests, _ what: String, _ status: Int) throws(BenchmarkError) -> String {
        var text = ""
        _ = try LoadGenerator(port: server.port, connections: 1, isSecure: isSecure)
            .run(request, .once, seconds: 10) { _, _, body in text = String(decoding: body, as: UTF8.self) }
            .requiring(status, in: what)
        return text
    }

    private var databaseBytes: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: "\(installation.data)/countersign.db\(suffix)")
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    /// The process that a process has started, whichever of its threads did.
    private static func child(of process: pid_t) throws(BenchmarkError) -> pid_t {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        let children = threads.flatMap {
            (TextFile.read("/proc/\(process)/task/\($0)/children") ?? "").split(separator: " ")
        }
        guard let child = children.first.flatMap({ pid_t($0) }) else { throw BenchmarkError("no enclave") }
        return child
    }
}

/// Somebody of each kind who uses an installation.
private struct SoakUsers {
    let passcodes: Client
    let dialect: DialectClient
    /// Its permissions are given by a policy.
    let agent: AgentClient
    /// Its permissions are for people to give.
    let asker: AgentClient

    init(
        _ installation: Installation, _ server: ServerProcess, _ bench: Bench, isSecure: Bool
    ) throws(BenchmarkError) {
        passcodes = Client(port: server.port, isSecure: isSecure, key: installation.testKey)
        agent = try AgentClient(port: server.port, isSecure: isSecure, operatorKey: installation.operatorKey)
        asker = try AgentClient.make(
            1, port: server.port, isSecure: isSecure, operatorKey: installation.operatorKey)[0]
        dialect = try SealedFlowScenario.client(of: installation, server, bench, isSecure: isSecure)
    }
}
