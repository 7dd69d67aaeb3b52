/// What the enclave's frames say after the call's identifier.
public enum EnclaveFrameKind: UInt8, CaseIterable, Sendable {
    /// The reply of a call follows.
    case succeeded = 1
    /// An `EnclaveError.Code` follows.
    case failed = 2
    /// The enclave asks for a stream to a destination: host and port follow.
    case openStream = 16
    /// The enclave asks for a new file of the inbox.
    case openInboxFile = 17
    /// The enclave wrote an inbox file: its identifier follows.
    case inboxFileWritten = 18
    /// The enclave asks for a stream to a webhook's receiver: host and port follow.
    case openWebhookStream = 19
}

/// The fields that every body starts with: a call's identifier, then what the frame is.
public struct Envelope<Kind: RawRepresentable<UInt8> & Sendable>: Sendable {
    /// Chosen by the side that asks; the answer carries it back.
    public let identifier: UInt64
    public let kind: Kind

    @inlinable
    public init(identifier: UInt64, kind: Kind) {
        self.identifier = identifier
        self.kind = kind
    }

    @inlinable
    public init(from frame: inout FrameReader) throws(FrameError) {
        identifier = try frame.read()
        guard let kind = Kind(rawValue: try frame.read()) else { throw .invalidValue }
        self.kind = kind
    }

    @inlinable
    public func encode(into frame: inout FrameWriter) {
        frame.write(identifier)
        frame.write(kind.rawValue)
    }
}

extension EnclaveRequest {
    /// The whole frame that asks this under `identifier`.
    @inlinable
    public func frame(identifier: UInt64) throws(FrameError) -> [UInt8] {
        var writer = FrameWriter()
        Envelope(identifier: identifier, kind: Self.kind).encode(into: &writer)
        writer.write(self)
        return try writer.finish()
    }
}

extension Envelope where Kind == EnclaveFrameKind {
    /// The frame that answers call `identifier`.
    @inlinable
    public static func succeeded(_ identifier: UInt64, _ reply: some FrameCodable) throws(FrameError) -> [UInt8] {
        var writer = FrameWriter()
        Envelope(identifier: identifier, kind: .succeeded).encode(into: &writer)
        writer.write(reply)
        return try writer.finish()
    }

    @inlinable
    public static func failed(_ identifier: UInt64, _ error: EnclaveError) throws(FrameError) -> [UInt8] {
        var writer = FrameWriter(capacity: 16)
        Envelope(identifier: identifier, kind: .failed).encode(into: &writer)
        writer.write(error.code)
        return try writer.finish()
    }
}
