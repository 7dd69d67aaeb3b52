extension ContactAddress: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(kind)
        frame.write(value)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(kind: try frame.read(), value: try frame.readText())
    }
}

extension CodeFormat: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(alphabet)
        frame.write(Int64(length))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(alphabet: try frame.read(), length: try frame.readCount())
    }
}

extension SealedRecord: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(record)
        frame.write(sealed)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(workspace: try frame.readText(), record: try frame.readText(), sealed: try frame.readBytes())
    }
}

extension MakeChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(challenge)
        frame.write(mode)
        frame.write(contact)
        frame.write(list: channels)
        frame.write(format)
        frame.write(Int64(lifetime))
        frame.write(Int64(attemptLimit))
        frame.write(target)
        frame.write(claims)
        frame.write(fixedCode)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            workspace: try frame.readText(), challenge: try frame.readText(), mode: try frame.read(),
            contact: try frame.read(), channels: try frame.readList(limit: Channel.allCases.count),
            format: try frame.read(), lifetime: try frame.readCount(), attemptLimit: try frame.readCount(),
            target: try frame.readOptional(), claims: try frame.readOptional(), fixedCode: try frame.readOptional())
    }
}

extension ChallengeClaims: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(optional: purpose)
        frame.write(optional: binding)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(purpose: try frame.readOptionalText(), binding: try frame.readOptionalText())
    }
}

extension MadeChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(sealed)
        frame.write(createdAt)
        frame.write(expiresAt)
        frame.write(testCode)
        frame.write(optional: targetBundle)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            sealed: try frame.readBytes(), createdAt: try frame.read(), expiresAt: try frame.read(),
            testCode: try frame.readOptional(), targetBundle: try frame.readOptionalText())
    }
}

extension TestCode: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension RevealTestCode: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(challenge) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(challenge: try frame.read()) }
}

extension FrameReader {
    /// A 64-bit signed number as `Int`.
    mutating func readCount() throws(FrameError) -> Int { Int(try read(Int64.self)) }
}
