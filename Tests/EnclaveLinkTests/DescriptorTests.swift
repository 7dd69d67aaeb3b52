import Glibc
import Testing

@testable import EnclaveLink

@Suite("descriptors for the enclave", .timeLimit(.minutes(1)))
struct DescriptorTests {
    private static let mail = Destination(host: "smtp.example.com", port: 587)

    /// An enclave that has greeted and named one destination.
    private static func greeted() async throws -> FakeEnclave {
        let enclave = try #require(FakeEnclave())
        async let greeting = enclave.connection.greet()
        try await enclave.greet(mail)
        #expect(try await greeting.providers.count == 1)
        return enclave
    }

    @Test("a stream is opened to a destination that the greeting named")
    func namedDestination() async throws {
        let enclave = try await Self.greeted()
        try enclave.ask(.openStream, 7) { $0.write(Self.mail) }
        let (message, hadDescriptor) = try #require(await enclave.nextDescriptor())
        #expect(message == DescriptorMessage(identifier: 7, status: 0))
        #expect(hadDescriptor)
    }

    @Test(
        "a stream to anywhere else is refused and not even tried",
        arguments: [
            Destination(host: "smtp.example.com", port: 25), Destination(host: "SMTP.example.com", port: 587),
            Destination(host: "127.0.0.1", port: 587), Destination(host: "", port: 0),
        ])
    func otherDestination(destination: Destination) async throws {
        let enclave = try await Self.greeted()
        try enclave.ask(.openStream, 7) { $0.write(destination) }
        let (message, hadDescriptor) = try #require(await enclave.nextDescriptor())
        #expect(message == DescriptorMessage(identifier: 7, status: EACCES))
        #expect(!hadDescriptor)
        #expect(enclave.source.asked.withLock { $0.isEmpty })
    }

    @Test("before the greeting there is no destination at all")
    func beforeGreeting() async throws {
        let enclave = try #require(FakeEnclave())
        try enclave.ask(.openStream, 1) { $0.write(Self.mail) }
        #expect(await enclave.nextDescriptor()?.message.status == EACCES)
    }

    @Test("a file is published once, and only by the request that opened it")
    func publishing() async throws {
        let enclave = try await Self.greeted()
        try enclave.ask(.openInboxFile, 1)
        #expect(await enclave.nextDescriptor()?.hadDescriptor == true)
        for (ask, file, status) in [(2, 99, ENOENT), (3, 1, 0), (4, 1, ENOENT)] as [(UInt64, UInt64, Int32)] {
            try enclave.ask(.inboxFileWritten, ask) { $0.write(file) }
            #expect(await enclave.nextDescriptor()?.message == DescriptorMessage(identifier: ask, status: status))
        }
        #expect(enclave.source.asked.withLock { $0 } == ["open", "publish file1"])
    }

    @Test("a file that the enclave did not finish is removed when it is gone")
    func unfinished() async throws {
        let enclave = try await Self.greeted()
        try enclave.ask(.openInboxFile, 1)
        _ = await enclave.nextDescriptor()
        enclave.connection.close()
        #expect(enclave.source.asked.withLock { $0 } == ["open", "discard file1"])
    }

    @Test("files that the enclave never finishes do not close the inbox: the oldest is removed for each new one")
    func abandoned() async throws {
        let enclave = try await Self.greeted()
        let limit = UInt64(DescriptorDesk.inboxFileLimit)
        for ask in 1...limit + 2 {
            try enclave.ask(.openInboxFile, ask)
            let (message, hadDescriptor) = try #require(await enclave.nextDescriptor())
            #expect(message == DescriptorMessage(identifier: ask, status: 0) && hadDescriptor)
        }
        let discarded = enclave.source.asked.withLock { $0.filter { $0.hasPrefix("discard") } }
        #expect(discarded == ["discard file1", "discard file2"])
        for (ask, file, status) in [(5001, 2, ENOENT), (5002, 3, 0)] as [(UInt64, UInt64, Int32)] {
            try enclave.ask(.inboxFileWritten, ask) { $0.write(file) }
            #expect(await enclave.nextDescriptor()?.message == DescriptorMessage(identifier: ask, status: status))
        }
    }

    @Test("two descriptors in one message are refused, and none stays open")
    func twoDescriptors() throws {
        let (host, enclave) = try #require(EnclaveSockets.make())
        let message = [UInt8](repeating: 0, count: 12)
        let before = try Self.descriptors(like: host.events.number)
        var pair = [host.events.number, enclave.events.number]
        try Self.send(&pair, message, over: host.descriptors.number)
        #expect(DescriptorMessage.receive(over: enclave.descriptors) == nil)
        #expect(try Self.descriptors(like: host.events.number) == before)
    }

    /// How many descriptors of this process are the same socket.
    private static func descriptors(like number: Int32) throws -> Int {
        var wanted = stat()
        try #require(fstat(number, &wanted) == 0)
        return (Int32(0)..<1024).count { other in
            var information = stat()
            return fstat(other, &information) == 0 && information.st_ino == wanted.st_ino
        }
    }

    /// sendmsg(2) with two descriptors, which our own sender cannot do.
    private static func send(_ descriptors: inout [Int32], _ message: [UInt8], over socket: Int32) throws {
        var control = [UInt8](repeating: 0, count: 24)
        control.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: 24, toByteOffset: 0, as: Int.self)
            bytes.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            bytes.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
            bytes.storeBytes(of: descriptors[0], toByteOffset: 16, as: Int32.self)
            bytes.storeBytes(of: descriptors[1], toByteOffset: 20, as: Int32.self)
        }
        var message = message
        let sent = message.withUnsafeMutableBytes { content in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: content.baseAddress, iov_len: content.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var header = msghdr()
                    header.msg_iov = part
                    header.msg_iovlen = 1
                    header.msg_control = control.baseAddress
                    header.msg_controllen = control.count
                    return sendmsg(socket, &header, 0)
                }
            }
        }
        try #require(sent == 12)
    }
}

@Suite("what the host opens")
struct HostDescriptorsTests {
    @Test("an inbox is a Maildir that only its owner reads, and a message appears in one step")
    func maildir() throws {
        var template = Array("/tmp/inbox-test.XXXXXX".utf8CString)
        let root = String(cString: try #require(mkdtemp(&template)))
        let inbox = "\(root)/inbox"
        let descriptors = HostDescriptors(inboxDirectory: inbox)
        let first = try descriptors.openInboxFile()
        let second = try descriptors.openInboxFile()
        defer {
            close(first.descriptor)
            close(second.descriptor)
            unlink("\(inbox)/new/\(first.name)")
            for folder in ["tmp", "new", "cur", ""] { rmdir("\(inbox)/\(folder)") }
            rmdir(root)
        }
        #expect(first.name != second.name && !first.name.contains("/"))
        for folder in ["", "/tmp", "/new", "/cur"] { #expect(try Self.mode("\(inbox)\(folder)") == 0o700) }
        #expect(try Self.mode("\(inbox)/tmp/\(first.name)") == 0o600)
        try descriptors.publishInboxFile(named: first.name)
        #expect(try Self.mode("\(inbox)/new/\(first.name)") == 0o600)
        #expect(access("\(inbox)/tmp/\(first.name)", F_OK) != 0)
        descriptors.discardInboxFile(named: second.name)
        #expect(access("\(inbox)/tmp/\(second.name)", F_OK) != 0)
        #expect(throws: DescriptorRefusal(status: ENOENT)) { try descriptors.publishInboxFile(named: second.name) }
    }

    @Test("a host that starts removes the unfinished messages of one that was killed, and no finished one")
    func leftovers() throws {
        var template = Array("/tmp/inbox-test.XXXXXX".utf8CString)
        let inbox = String(cString: try #require(mkdtemp(&template)))
        let killed = HostDescriptors(inboxDirectory: inbox)
        let unfinished = try killed.openInboxFile()
        let finished = try killed.openInboxFile()
        defer {
            unlink("\(inbox)/new/\(finished.name)")
            for folder in ["tmp", "new", "cur", ""] { rmdir("\(inbox)/\(folder)") }
        }
        close(unfinished.descriptor)
        close(finished.descriptor)
        try killed.publishInboxFile(named: finished.name)
        let started = HostDescriptors(inboxDirectory: inbox)
        started.discardLeftovers()
        #expect(access("\(inbox)/tmp/\(unfinished.name)", F_OK) != 0)
        #expect(access("\(inbox)/new/\(finished.name)", F_OK) == 0)
        HostDescriptors(inboxDirectory: "\(inbox)/nonexistent").discardLeftovers()
    }

    @Test("a stream reaches a listener, and where nobody listens it says so")
    func stream() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try #require(bind(listener, $0, length) == 0 && listen(listener, 1) == 0)
                try #require(getsockname(listener, $0, &length) == 0)
            }
        }
        let descriptors = HostDescriptors(inboxDirectory: "/proc/nonexistent")
        let destination = Destination(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
        close(try descriptors.openStream(to: destination))
        close(listener)
        #expect(throws: DescriptorRefusal(status: ECONNREFUSED)) { _ = try descriptors.openStream(to: destination) }
        #expect(throws: DescriptorRefusal(status: ENOENT)) { _ = try descriptors.openInboxFile() }
    }

    private static func mode(_ path: String) throws -> mode_t {
        var information = stat()
        try #require(stat(path, &information) == 0)
        return information.st_mode & 0o777
    }
}
