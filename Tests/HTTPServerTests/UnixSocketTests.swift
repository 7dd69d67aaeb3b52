import CLinux
import Foundation
import Glibc
import HTTPServer
import Testing

@Suite("A Unix socket")
struct UnixSocketTests {
    /// A directory of its own, removed afterwards.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("socket-XXXXXX").path
        var path = template.utf8CString.map { $0 }
        let directory = try String(cString: #require(mkdtemp(&path)))
        do {
            try await body(directory)
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            try? FileManager.default.removeItem(atPath: directory)
            throw error
        }
    }

    private func server() throws -> Server {
        var router = Router()
        try router.on(.GET, "/peer") { request in
            Response(status: .ok, body: .bytes(Array("\(request.peer)".utf8)))
        }
        return Server(router: router, logger: .silent)
    }

    private func ask(_ address: ListenerAddress) async throws -> String {
        try await withClient(address) { client in
            try client.send("GET /peer HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return try client.readAnswer().text
        }
    }

    @Test("serves its owner, whom the request names, under the mode 0600, and is removed at the end")
    func owner() async throws {
        try await withDirectory { directory in
            let path = directory + "/s"
            let server = try server()
            let address = try await server.start(on: .unixSocket(path: path))
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o600)
            #expect(try await ask(address) == "user \(geteuid())")
            await server.shutdown(within: .seconds(1))
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test("refuses every other user but root, even where the file's mode would let it in", .enabled(if: geteuid() == 0))
    func otherUser() async throws {
        try await withDirectory { directory in
            let path = directory + "/s"
            let server = try server()
            _ = try await server.start(on: .unixSocket(path: path))
            chmod(directory, 0o755)
            chmod(path, 0o666)
            let python = Process()
            python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            python.arguments = [
                "-c",
                """
                import os, socket, sys
                os.setuid(65534)
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                try:
                    s.sendall(b"GET /peer HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
                    sys.exit(0 if s.recv(100) == b"" else 9)
                except (BrokenPipeError, ConnectionResetError):
                    sys.exit(0)
                """, path,
            ]
            let status = try await onThread { [python = UncheckedProcess(python)] in try python.run() }
            #expect(status == 0)
            #expect(server.openConnections == 0)
            await server.shutdown(within: .seconds(1))
        }
    }

    @Test("left by a process that is gone is replaced; one that answers is not, nor a file that is no socket")
    func stale() async throws {
        try await withDirectory { directory in
            let path = directory + "/s"
            let first = try server()
            let address = try await first.start(on: .unixSocket(path: path))
            let second = try server()
            await #expect(throws: ListenerError.inUse(path: path)) {
                try await second.start(on: .unixSocket(path: path))
            }
            #expect(try await ask(address).hasPrefix("user"))

            // What a killed process leaves: a bound socket that nobody listens on.
            rename(path, directory + "/kept")
            await first.shutdown(within: .seconds(1))
            rename(directory + "/kept", path)
            _ = try await second.start(on: .unixSocket(path: path))
            #expect(try await ask(address).hasPrefix("user"))
            await second.shutdown(within: .seconds(1))

            let file = directory + "/file"
            #expect(FileManager.default.createFile(atPath: file, contents: Data("kept".utf8)))
            let third = try server()
            await #expect(throws: ListenerError.notASocket(path: file)) {
                try await third.start(on: .unixSocket(path: file))
            }
            #expect(FileManager.default.contents(atPath: file) == Data("kept".utf8))
        }
    }

    @Test("whose path is too long for the system is refused")
    func longPath() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 110)
        let server = try server()
        await #expect(throws: ListenerError.pathTooLong(path: path)) {
            try await server.start(on: .unixSocket(path: path))
        }
    }

    @Test("and a TCP port can share a server, and each can have its own routes")
    func severalListeners() async throws {
        try await withDirectory { directory in
            let server = try server()
            let bound = try await server.start(on: [
                .unixSocket(path: directory + "/s"), .tcp(host: "127.0.0.1", port: 0),
            ])
            #expect(try await ask(bound[0]).hasPrefix("user"))
            #expect(try await ask(bound[1]).hasPrefix("127.0.0.1:"))
            let other = try await server.start(on: .tcp(host: "127.0.0.1", port: 0), router: Router())
            #expect(try await ask(other).contains("404"))
            await server.shutdown(within: .seconds(1))
        }
    }

    @Test("takes a body that no stranger may send, up to a limit of its own")
    func largeBody() async throws {
        try await withDirectory { directory in
            var router = Router()
            try router.on(.POST, "/length") { request in
                Response(status: .ok, body: .bytes(Array(String(request.body.readableBytes).utf8)))
            }
            var limits = ServerConfiguration()
            limits.maximumBodyBytes = 1_000
            limits.maximumLocalBodyBytes = 5_000
            let server = Server(router: router, configuration: limits, logger: .silent)
            let bound = try await server.start(on: [
                .unixSocket(path: directory + "/s"), .tcp(host: "127.0.0.1", port: 0),
            ])
            for (address, length, status) in [
                (bound[0], 5_000, 200), (bound[0], 5_001, 413), (bound[1], 1_000, 200), (bound[1], 1_001, 413),
            ] {
                let answer = try await withClient(address) { client in
                    let body = String(repeating: "x", count: length)
                    try client.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
                    return try client.readAnswer()
                }
                #expect(answer.status == status, "\(address) \(length)")
            }
            await server.shutdown(within: .seconds(1))
        }
    }

    @Test("tells the user at its other end")
    func peerUser() {
        var pair: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        var user = UInt32.max
        #expect(countersign_peer_user(pair[0], &user) == 0)
        #expect(user == geteuid())
        close(pair[0])
        close(pair[1])
        #expect(countersign_peer_user(-1, &user) == EBADF)
    }
}

/// A process that only one thread uses.
private struct UncheckedProcess: @unchecked Sendable {
    let process: Process

    init(_ process: Process) { self.process = process }

    func run() throws -> Int32 {
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
