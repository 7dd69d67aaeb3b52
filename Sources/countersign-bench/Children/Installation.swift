import FoundationEssentials

/// A fresh installation of Countersign in a folder of its own, and how to start its server.
struct Installation {
    private struct InitAnswer: Decodable {
        struct Keys: Decodable {
            let test: String
            let `operator`: String
        }
        let keys: Keys
        let organizationId: String
        let authProxyConfig: String
    }

    let programs: Programs
    let data: String
    let testKey: String
    let operatorKey: String
    /// The workspace as the Turnkey dialect names it.
    let organization: String
    let authProxyConfiguration: String

    /// Makes an installation with `countersign init`.
    init(programs: Programs, folder: WorkFolder) throws(BenchmarkError) {
        self.programs = programs
        data = folder.path(folder.freshName("data"))
        let text = try ChildProcess.printed(
            programs.countersign, ["init", "--data", data, "--json"], output: folder.path("init.log"))
        guard let answer = try? JSONDecoder().decode(InitAnswer.self, from: Data(text.utf8)) else {
            throw BenchmarkError("countersign init --json printed no keys")
        }
        testKey = answer.keys.test
        operatorKey = answer.keys.operator
        organization = answer.organizationId
        authProxyConfiguration = answer.authProxyConfig
    }

    /// Runs a command of the operator's beside the running server.
    func administer(_ arguments: [String], in folder: WorkFolder) throws(BenchmarkError) {
        _ = try ChildProcess.printed(
            programs.countersign, arguments + ["--data", data, "--json"], output: folder.path("command.log"))
    }

    /// Starts the server, over TLS where there is a certificate for it.
    func serve(in folder: WorkFolder, _ pair: CertificatePair? = nil) throws(BenchmarkError) -> ServerProcess {
        try ServerProcess.start(
            programs.countersign, output: folder.path("serve.log"), readyPath: "/.well-known/jwks.json"
        ) {
            ["serve", "--data", data, "--listen", "127.0.0.1:\($0)"]
                + (pair.map { ["--tls-certificate", $0.certificate, "--tls-key", $0.key] } ?? [])
        }
    }
}

/// The programs that are measured.
struct Programs {
    /// `countersign`.
    let countersign: String
    /// This program, which starts itself again as the servers that it compares with.
    let benchmark: String
}
