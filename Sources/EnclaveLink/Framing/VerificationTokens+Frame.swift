import SealedPasscodes

extension TokenScope: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(flow)
        frame.write(mode)
        frame.write(issuer)
        frame.write(organization)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            workspace: try frame.readText(), flow: try frame.read(), mode: try frame.read(),
            issuer: try frame.readText(), organization: try frame.readText())
    }
}

extension SignedMessage: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(key)
        frame.write(message)
        frame.write(signature)
        frame.write(encoding)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            key: try frame.read(), message: try frame.readBytes(), signature: try frame.readBytes(),
            encoding: try frame.read())
    }
}

extension CheckVerificationToken: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(token)
        frame.write(scope)
        frame.write(signUp)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(token: try frame.read(), scope: try frame.read(), signUp: try frame.readOptional())
    }
}

extension VerifiedClient: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(token)
        frame.write(contact)
        frame.write(key)
        frame.write(expiresAt)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            token: try frame.readText(), contact: try frame.read(), key: try frame.read(), expiresAt: try frame.read())
    }
}

extension VerificationTokenFinding: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .good(let client):
            frame.write(true)
            frame.write(client)
        case .refused(let fault):
            frame.write(false)
            frame.write(fault)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self = try frame.readFlag() ? .good(try frame.read()) : .refused(try frame.read())
    }
}
