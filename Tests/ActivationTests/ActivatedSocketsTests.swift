import Activation
import Glibc
import Testing

@Suite("sockets that a service manager passes")
struct ActivatedSocketsTests {
    private static func read(_ variables: [String: String], process: Int32 = 7) throws -> ActivatedSockets {
        try ActivatedSockets(variable: { variables[$0] }, process: process)
    }

    @Test("they are numbered from 3 on, and named as the units name them")
    func names() throws {
        let read = try Self.read(["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "web:"])
        #expect(read.sockets == [.init(number: 3, name: "web"), .init(number: 4, name: "")])
        let unnamed = try Self.read(["LISTEN_PID": "7", "LISTEN_FDS": "1"])
        #expect(unnamed.sockets == [.init(number: 3, name: "unknown")])
    }

    @Test("variables that were meant for another process give it none")
    func others() throws {
        #expect(try Self.read(["LISTEN_PID": "8", "LISTEN_FDS": "1"]).sockets.isEmpty)
        #expect(try Self.read(["LISTEN_FDS": "1"]).sockets.isEmpty)
        #expect(try Self.read(["LISTEN_PID": "7"]).sockets.isEmpty)
        #expect(try Self.read([:]).sockets.isEmpty)
    }

    @Test(
        "what no service manager says is refused",
        arguments: [
            ["LISTEN_PID": "seven", "LISTEN_FDS": "1"], ["LISTEN_PID": "7", "LISTEN_FDS": "0"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "-1"], ["LISTEN_PID": "7", "LISTEN_FDS": "65"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "2147483648"], ["LISTEN_PID": "7", "LISTEN_FDS": "1 "],
            ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "one"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "one:two"],
        ])
    func refused(_ variables: [String: String]) {
        #expect(throws: ActivationError.self) { try Self.read(variables) }
    }

    @Test("only what accepts connections counts as a listening socket")
    func kinds() throws {
        let kinds: [(Int32, Int32, ActivatedSockets.Socket.Kind?)] = [
            (AF_INET, Int32(SOCK_STREAM.rawValue), .tcp), (AF_INET, Int32(SOCK_DGRAM.rawValue), nil),
            (AF_UNIX, Int32(SOCK_STREAM.rawValue), .unixStream), (AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), nil),
        ]
        for (family, type, kind) in kinds {
            let number = socket(family, type, 0)
            defer { close(number) }
            let passed = ActivatedSockets.Socket(number: number, name: "")
            #expect(passed.kind == nil)
            if family == AF_UNIX { try Self.bindAnywhere(number) }
            if type != Int32(SOCK_DGRAM.rawValue) { try #require(listen(number, 1) == 0) }
            #expect(passed.kind == kind)
        }
        #expect(ActivatedSockets.Socket(number: -1, name: "").kind == nil)
    }

    /// The kernel chooses an abstract name where none is given (unix(7), autobind).
    private static func bindAnywhere(_ number: Int32) throws {
        var family = sa_family_t(AF_UNIX)
        let size = socklen_t(MemoryLayout<sa_family_t>.size)
        let status = withUnsafeMutablePointer(to: &family) { pointer in
            UnsafeMutableRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size)
            }
        }
        try #require(status == 0)
    }
}
