extension Greet: FrameCodable {
    /// Host and enclave refuse each other if this differs; it changes with the frames.
    public static let protocolVersion: UInt16 = 7

    public func encode(into frame: inout FrameWriter) { frame.write(Self.protocolVersion) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        guard try frame.read() == Self.protocolVersion else { throw .invalidValue }
        self.init()
    }
}

extension Greeting: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(boot.bytes)
        frame.write(startedAt)
        frame.write(isolation)
        frame.write(list: providers)
        frame.write(webhooks)
        frame.write(contactIndexKey)
        frame.write(auditKey)
        frame.write(logKey)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            boot: BootIdentifier(bytes: try frame.readBytes()), startedAt: try frame.read(),
            isolation: try frame.read(), providers: try frame.readList(limit: 64),
            webhooks: try frame.readOptional(), contactIndexKey: try frame.readBytes(),
            auditKey: try frame.readBytes(), logKey: try frame.readBytes())
    }
}

extension ConfiguredProvider: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(purpose)
        frame.write(name)
        frame.write(host)
        frame.write(port)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            purpose: try frame.read(), name: try frame.readText(), host: try frame.readText(), port: try frame.read())
    }
}

extension ConfiguredProvider.Purpose: FrameCodable {
    private enum Code: UInt8 {
        case messages = 0
        case captcha, witness
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .messages(let channel):
            frame.write(Code.messages.rawValue)
            frame.write(channel)
        case .captcha: frame.write(Code.captcha.rawValue)
        case .witness: frame.write(Code.witness.rawValue)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .messages: self = .messages(try frame.read())
        case .captcha: self = .captcha
        case .witness: self = .witness
        case nil: throw .invalidValue
        }
    }
}

extension IsolationReport: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(systemCallFilter)
        frame.write(networkNamespace)
        frame.write(noNewPrivileges)
        frame.write(notDumpable)
        frame.write(memoryLocked)
        frame.write(separateUser)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            systemCallFilter: try frame.readFlag(), networkNamespace: try frame.readFlag(),
            noNewPrivileges: try frame.readFlag(), notDumpable: try frame.readFlag(),
            memoryLocked: try frame.readFlag(), separateUser: try frame.readFlag())
    }
}
