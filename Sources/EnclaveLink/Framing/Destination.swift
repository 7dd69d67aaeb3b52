/// A host and port that the enclave may ask a stream to.
public struct Destination: Hashable, Sendable {
    public let host: String
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension Destination: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(host)
        frame.write(port)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(host: try frame.readText(), port: try frame.read())
    }
}
