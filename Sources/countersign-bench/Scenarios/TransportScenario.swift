import Glibc

/// What TLS costs: handshakes beside `openssl s_server` with the same certificate; requests to the bare HTTP layer, and
/// send-otp, over connections that stay open beside the same ones in the clear.
struct TransportScenario: Scenario {
    static let name = "tls"

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let pair = try CertificatePair(bench)
        return [
            try handshakes(bench, pair, "tls1_3", "TLS 1.3"), try handshakes(bench, pair, "tls1_2", "TLS 1.2"),
            try requests(bench, pair), try sends(bench, pair),
        ]
    }

    private func handshakes(
        _ bench: Bench, _ pair: CertificatePair, _ version: String, _ title: String
    ) throws(BenchmarkError) -> Finding {
        var own: [Double] = []
        var reference: [Double] = []
        let seconds = max(1, Int(bench.seconds))
        try bench.repeated("handshakes, \(title)") { _ throws(BenchmarkError) in
            let server = try Self.roomServer(bench, pair)
            own.append(
                try HandshakeRate.measure(port: server.port, version: version, seconds: seconds, folder: bench.folder))
            server.end()
            let openssl = try pair.serveByOpenSSL(bench)
            reference.append(
                try HandshakeRate.measure(port: openssl.port, version: version, seconds: seconds, folder: bench.folder))
            openssl.end()
        }
        let figures = [
            Figure(label: "handshakes", unit: "/s", runs: own),
            Figure(label: "openssl s_server", unit: "/s", runs: reference),
        ]
        return Finding(
            name: "\(Self.name)-handshakes-\(version)",
            title: "\(title): full handshakes, ECDSA P-256, X25519, 4 × openssl s_time -new", figures: figures,
            checks: [
                Check(
                    label: "share of openssl s_server", value: figures[0].median / figures[1].median, bound: .atLeast,
                    target: 0.8, unit: "")
            ])
    }

    /// The HTTP layer with nothing behind it: what TLS costs at most.
    private func requests(_ bench: Bench, _ pair: CertificatePair) throws(BenchmarkError) -> Finding {
        let secure = try Self.roomServer(bench, pair)
        defer { secure.end() }
        let plain = try ServerProcess.start(bench.programs.benchmark, output: bench.folder.path("serve-room.log")) {
            ["serve-room", "--port", "\($0)"]
        }
        defer { plain.end() }
        var requests = PreparedRequests()
        requests.post("/small", json: SmallRequest.json)
        let turns = SecureTurns(secure: secure, plain: plain)
        return try turns.finding(
            bench, "\(Self.name)-requests", "HTTP layer over TLS: POST of a small JSON object, 64 connections kept"
        ) { _ in (requests, .repeating) }
    }

    /// What Countersign is asked most.
    private func sends(_ bench: Bench, _ pair: CertificatePair) throws(BenchmarkError) -> Finding {
        let secure = try Installation(programs: bench.programs, folder: bench.folder)
        let plain = try Installation(programs: bench.programs, folder: bench.folder)
        let secureServer = try secure.serve(in: bench.folder, pair)
        defer { secureServer.end() }
        let plainServer = try plain.serve(in: bench.folder)
        defer { plainServer.end() }
        var numbers = FreshNumbers()
        let turns = SecureTurns(secure: secureServer, plain: plainServer)
        return try turns.finding(
            bench, "\(Self.name)-sends", "send-otp over TLS: test key, durable, 64 connections kept"
        ) { isSecure in
            let client = Client(
                port: isSecure ? secureServer.port : plainServer.port, isSecure: isSecure,
                key: isSecure ? secure.testKey : plain.testKey)
            let count = SecureTurns.seconds(of: bench) * SendAndVerifyScenario.ceiling
            return (client.requests(sendingTo: numbers.take(Int(count))), .once)
        }
    }

    private static func roomServer(_ bench: Bench, _ pair: CertificatePair) throws(BenchmarkError) -> ServerProcess {
        // Who asks in the clear is answered too, and that is how it is known to be up.
        try ServerProcess.start(bench.programs.benchmark, output: bench.folder.path("serve-room-tls.log")) {
            ["serve-room", "--port", "\($0)", "--certificate", pair.certificate, "--key", pair.key]
        }
    }
}
