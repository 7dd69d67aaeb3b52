import Activation
import Glibc
import Testing

@Suite("what a service manager is told")
struct ServiceNoticesTests {
    /// Listens as a service manager does.
    private final class Listener {
        let name: String
        private let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)

        init(_ name: String) throws {
            self.name = name
            let address = try #require(UnixSocketAddress(name))
            try #require(address.withPointer { bind(number, $0, $1) } == 0)
        }

        deinit { close(number) }

        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = recv(number, &bytes, bytes.count, 0)
            return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    private static func notices(_ variables: [String: String], process: Int32 = 7) -> ServiceNotices {
        ServiceNotices(variable: { variables[$0] }, process: process)
    }

    @Test(
        "each notice is one datagram, to a path or an abstract name",
        arguments: ["@countersign-\(getpid())", "/tmp/notice.\(getpid())"])
    func tells(_ name: String) throws {
        defer { unlink(name) }
        let listener = try Listener(name)
        let notices = Self.notices(["NOTIFY_SOCKET": name])
        notices.tell(.ready)
        notices.tell(.stopping)
        #expect(listener.next() == "READY=1")
        #expect(listener.next() == "STOPPING=1")
        #expect(listener.next() == nil)
    }

    @Test("the watchdog hears twice as often as it asks, and only of the process that it asked")
    func pulse() {
        let asked = ["NOTIFY_SOCKET": "@nobody", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]
        #expect(Self.notices(asked).pulse == .seconds(15))
        #expect(Self.notices(asked, process: 8).pulse == nil)
        #expect(Self.notices(["NOTIFY_SOCKET": "@nobody"]).pulse == nil)
        #expect(Self.notices(["WATCHDOG_USEC": "30000000"]).pulse == nil)
        #expect(Self.notices(["NOTIFY_SOCKET": "@nobody", "WATCHDOG_USEC": "soon"]).pulse == nil)
    }

    @Test("a process that may open no socket later tells over one that is open")
    func opened() throws {
        let name = "@countersign-opened-\(getpid())"
        let asked = ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"]
        #expect(Self.notices(asked).opened()?.pulse == nil)
        let listener = try Listener(name)
        let notices = try #require(Self.notices(asked).opened())
        notices.tell(.alive)
        #expect(notices.pulse == .seconds(15))
        #expect(listener.next() == "WATCHDOG=1")
        #expect(Self.notices(["NOTIFY_SOCKET": name]).opened()?.pulse == nil)
    }

    @Test("where nobody listens, nothing happens")
    func nobody() {
        Self.notices([:]).tell(.ready)
        Self.notices(["NOTIFY_SOCKET": "/nowhere/at/all"]).tell(.ready)
        Self.notices(["NOTIFY_SOCKET": ""]).tell(.ready)
        Self.notices(["NOTIFY_SOCKET": String(repeating: "x", count: 108)]).tell(.ready)
    }
}
