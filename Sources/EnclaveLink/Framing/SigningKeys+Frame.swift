extension CreateSigningKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(purpose)
        frame.write(algorithm)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(purpose: try frame.read(), algorithm: try frame.read())
    }
}

extension CreatedSigningKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(keyIdentifier)
        frame.write(publicKey)
        frame.write(publicPoint)
        frame.write(sealed)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            keyIdentifier: try frame.readText(), publicKey: try frame.readText(), publicPoint: try frame.readBytes(),
            sealed: try frame.readBytes())
    }
}

extension LoadSigningKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(purpose)
        frame.write(keyIdentifier)
        frame.write(sealed)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(purpose: try frame.read(), keyIdentifier: try frame.readText(), sealed: try frame.readBytes())
    }
}

extension Loaded: FrameCodable {
    public func encode(into frame: inout FrameWriter) {}
    public init(from frame: inout FrameReader) throws(FrameError) { self.init() }
}

extension ForgetSigningKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(keyIdentifier) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(keyIdentifier: try frame.readText()) }
}

extension EndorseSigningKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(purpose)
        frame.write(signer)
        frame.write(successor)
        frame.write(issuer)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            purpose: try frame.read(), signer: try frame.readText(), successor: try frame.readText(),
            issuer: try frame.readText())
    }
}

extension KeyEndorsement: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(statement) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(statement: try frame.readText()) }
}
