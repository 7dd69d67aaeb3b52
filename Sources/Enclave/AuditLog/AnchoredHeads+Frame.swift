import EnclaveLink
import TransparencyLog

/// The heads as the anchor holds them, in the link's coding of fields. Not one frame: they may be longer.
extension AnchoredHeads {
    /// - Throws: `tooLong` if an origin is longer than a frame.
    func encoded() throws(FrameError) -> [UInt8] {
        var start = FrameWriter()
        start.write(takesUnknownLogs)
        start.write(UInt32(logs.count))
        var bytes = try start.finishBody()
        for (origin, log) in logs {
            var record = FrameWriter()
            record.write(origin)
            record.write(log)
            bytes += try record.finishBody()
        }
        return bytes
    }

    /// - Throws: `FrameError` unless the bytes are exactly what `encoded()` gives.
    init(decoding bytes: ArraySlice<UInt8>) throws(FrameError) {
        var reader = FrameReader(bytes)
        takesUnknownLogs = try reader.readFlag()
        let count = try reader.read(UInt32.self)
        for _ in 0..<count { logs[try reader.read()] = try reader.read(AnchoredLog.self) }
        try reader.finish()
    }
}

extension AnchoredLog: FrameCodable {
    private enum Code: UInt8 {
        case settled = 0
        case acknowledged, restored, contradictionAcknowledged
    }

    func encode(into frame: inout FrameWriter) {
        frame.write(head)
        frame.write(acknowledgedSize)
        // No tree has no entries and yet contradicts.
        frame.write(contradiction ?? 0)
        switch standing {
        case .settled: frame.write(Code.settled.rawValue)
        case .acknowledged(let contradicted):
            frame.write((contradicted ? Code.contradictionAcknowledged : .acknowledged).rawValue)
        // Whether the host was told ends with the process that told it.
        case .restored(let previous, _):
            frame.write(Code.restored.rawValue)
            frame.write(previous)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        head = try frame.read()
        acknowledgedSize = try frame.read()
        contradiction = try frame.read(UInt64.self)
        if contradiction == 0 { contradiction = nil }
        switch Code(rawValue: try frame.read()) {
        case .settled: standing = .settled
        case .acknowledged: standing = .acknowledged(contradicted: false)
        case .contradictionAcknowledged: standing = .acknowledged(contradicted: true)
        case .restored: standing = .restored(previous: try frame.read(), isTold: false)
        case nil: throw .invalidValue
        }
    }
}
