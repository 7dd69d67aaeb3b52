import Glibc

/// What TLS costs: handshakes beside `openssl s_server` with the same certificate, and requests over connections that
/// stay open beside the same ones in the clear.
struct TransportScenario: Scenario {
    static let name = "tls"

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let pair = try CertificatePair(bench)
        return [
            try handshakes(bench, pair, "tls1_3", "TLS 1.3"), try handshakes(bench, pair, "tls1_2", "TLS 1.2"),
            try requests(bench, pair),
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

    private func requests(_ bench: Bench, _ pair: CertificatePair) throws(BenchmarkError) -> Finding {
        var secure: [LoadResult] = []
        var plain: [LoadResult] = []
        try bench.repeated("requests over TLS") { _ throws(BenchmarkError) in
            let server = try Self.roomServer(bench, pair)
            defer { server.end() }
            var requests = PreparedRequests()
            requests.post("/small", json: SmallRequest.json)
            let generator = LoadGenerator(port: server.port, isSecure: true)
            _ = try generator.run(requests, .repeating, seconds: bench.seconds / 4)
            secure.append(
                try generator.run(requests, .repeating, seconds: bench.seconds).requiring(200, in: "serve-room"))
            plain.append(try HTTPLayerScenario.load("serve-room", bench))
        }
        let figures = [
            Figure(label: "over TLS 1.3", unit: "/s", runs: secure.map(\.rate)),
            Figure(label: "over TLS 1.3, p99", unit: "ms", runs: secure.map { $0.milliseconds(at: 0.99) }),
            Figure(label: "in the clear", unit: "/s", runs: plain.map(\.rate)),
        ]
        return Finding(
            name: "\(Self.name)-requests",
            title: "HTTP layer over TLS: POST of a small JSON object, 64 connections kept", figures: figures,
            checks: [
                Check(
                    label: "share of plain HTTP", value: figures[0].median / figures[2].median, bound: .atLeast,
                    target: 0.85, unit: "")
            ])
    }

    private static func roomServer(_ bench: Bench, _ pair: CertificatePair) throws(BenchmarkError) -> ServerProcess {
        // Who asks in the clear is answered too, and that is how it is known to be up.
        try ServerProcess.start(bench.programs.benchmark, output: bench.folder.path("serve-room-tls.log")) {
            ["serve-room", "--port", "\($0)", "--certificate", pair.certificate, "--key", pair.key]
        }
    }
}
