import Foundation

/// The certificates of `make-certificates.sh`, made once for the whole run.
struct TestCertificates: Sendable {
    enum Server: String {
        case good, other
        case wrongName = "wrong-name"
    }

    static let shared: Result<TestCertificates, any Error> = Result { try TestCertificates() }

    private let folder: TemporaryFolder

    private init() throws {
        folder = try TemporaryFolder()
        // What lives as long as the process is not taken down by itself.
        atexit { if case .success(let made) = TestCertificates.shared { made.folder.remove() } }
        let make = Process()
        make.executableURL = Repository.script("make-certificates.sh")
        make.arguments = [folder.url.path]
        try make.run()
        make.waitUntilExit()
        if make.terminationStatus != 0 { throw CocoaError(.executableLoad) }
    }

    func authority() throws -> [UInt8] { Array(try Data(contentsOf: folder.url.appending(path: "ca.pem"))) }

    func arguments(_ server: Server) -> [String] {
        ["--certificate", file(server, "pem"), "--key", file(server, "key")]
    }

    private func file(_ server: Server, _ kind: String) -> String {
        folder.url.appending(path: "\(server.rawValue).\(kind)").path
    }
}
