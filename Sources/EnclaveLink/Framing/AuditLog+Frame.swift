import TransparencyLog

extension LogHash: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(bytes) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let bytes = try frame.readBytes()
        do { try self.init(bytes) } catch { throw .invalidValue }
    }
}

extension KeyName: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(text) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let text = try frame.readText()
        do { try self.init(text) } catch { throw .invalidValue }
    }
}

extension ConsistencyProof: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(list: hashes) }
    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(try frame.readList(limit: LogHeadProposal.proofLimit))
    }
}

extension TreeHead: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(size)
        frame.write(root)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(size: try frame.read(), root: try frame.read())
    }
}

extension SignLogHeads: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(list: proposals) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(try frame.readList(limit: Self.limit))
    }
}

extension LogHeadProposal: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(origin)
        frame.write(head)
        frame.write(baseSize)
        frame.write(proof)
        frame.write(stored)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            origin: try frame.read(), head: try frame.read(), baseSize: try frame.read(), proof: try frame.read(),
            stored: try frame.readOptional())
    }
}

extension SignedHead: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(head)
        frame.write(signature)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(head: try frame.read(), signature: try frame.readBytes())
    }
}

extension LogHeadOutcomes: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(list: outcomes) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(try frame.readList(limit: SignLogHeads.limit))
    }
}

extension LogHeadOutcome: FrameCodable {
    private enum Code: UInt8 {
        case signed = 0
        case restored, refused
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .signed(let note):
            frame.write(Code.signed.rawValue)
            frame.write(note)
        case .restored(let note, let previous):
            frame.write(Code.restored.rawValue)
            frame.write(note)
            frame.write(previous)
        case .refused(let refusal):
            frame.write(Code.refused.rawValue)
            frame.write(refusal)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .signed: self = .signed(note: try frame.readText())
        case .restored: self = .restored(note: try frame.readText(), previous: try frame.read())
        case .refused: self = .refused(try frame.read())
        case nil: throw .invalidValue
        }
    }
}

extension LogHeadRefusal: FrameCodable {
    private enum Code: UInt8 {
        case wrongBase = 0
        case inconsistent, unanchored, anchorFailed, anchorBehind, anchorFull, contradicted
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .wrongBase(let head):
            frame.write(Code.wrongBase.rawValue)
            frame.write(head)
        case .inconsistent: frame.write(Code.inconsistent.rawValue)
        case .unanchored(let fault):
            frame.write(Code.unanchored.rawValue)
            frame.write(fault)
        case .anchorFailed: frame.write(Code.anchorFailed.rawValue)
        case .anchorBehind: frame.write(Code.anchorBehind.rawValue)
        case .anchorFull: frame.write(Code.anchorFull.rawValue)
        case .contradicted: frame.write(Code.contradicted.rawValue)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .wrongBase: self = .wrongBase(try frame.read())
        case .inconsistent: self = .inconsistent
        case .unanchored: self = .unanchored(try frame.read())
        case .anchorFailed: self = .anchorFailed
        case .anchorBehind: self = .anchorBehind
        case .anchorFull: self = .anchorFull
        case .contradicted: self = .contradicted
        case nil: throw .invalidValue
        }
    }
}

extension SignStatement: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(statement) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.read()) }
}

extension SignedStatement: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(note) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(note: try frame.readText()) }
}

extension ExportStatement: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(origin)
        frame.write(format)
        frame.write(entries.lowerBound)
        frame.write(entries.upperBound)
        frame.write(digest)
        frame.write(head)
        frame.write(time)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let (origin, format): (KeyName, Format) = (try frame.read(), try frame.read())
        let (start, end): (UInt64, UInt64) = (try frame.read(), try frame.read())
        guard start <= end else { throw .invalidValue }
        let statement = Self(
            origin: origin, format: format, entries: start..<end, digest: try frame.read(), head: try frame.read(),
            time: try frame.read())
        guard let statement else { throw .invalidValue }
        self = statement
    }
}
