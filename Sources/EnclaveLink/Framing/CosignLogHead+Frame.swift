extension CosignLogHead: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(witness)
        frame.write(origin)
        frame.write(signed)
        frame.write(baseSize)
        frame.write(proof)
        frame.write(deadline)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            witness: try frame.readText(), origin: try frame.read(), signed: try frame.read(),
            baseSize: try frame.read(), proof: try frame.read(), deadline: try frame.read())
    }
}

extension CosignOutcome: FrameCodable {
    private enum Code: UInt8 {
        case cosigned = 0
        case conflict, contradicted, failed
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .cosigned(let line):
            frame.write(Code.cosigned.rawValue)
            frame.write(line)
        case .conflict(let size):
            frame.write(Code.conflict.rawValue)
            frame.write(size)
        case .contradicted(let size):
            frame.write(Code.contradicted.rawValue)
            frame.write(size)
        case .failed(let failure):
            frame.write(Code.failed.rawValue)
            frame.write(failure)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .cosigned: self = .cosigned(line: try frame.readText())
        case .conflict: self = .conflict(size: try frame.read())
        case .contradicted: self = .contradicted(size: try frame.read())
        case .failed: self = .failed(try frame.read())
        case nil: throw .invalidValue
        }
    }
}
