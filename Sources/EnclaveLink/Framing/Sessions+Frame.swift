import SealedPasscodes

extension SignSession: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(token)
        frame.write(scope)
        frame.write(proof)
        frame.write(sessionKey)
        frame.write(user)
        frame.write(session)
        frame.write(Int64(lifetime))
        frame.write(keyIdentifier)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            token: try frame.read(), scope: try frame.read(), proof: try frame.read(), sessionKey: try frame.read(),
            user: try frame.readText(), session: try frame.readText(), lifetime: try frame.readCount(),
            keyIdentifier: try frame.readText())
    }
}

extension LoginProof: FrameCodable {
    private static let addressLimit = 4

    private enum Code: UInt8 {
        case message = 0
        case stampedBody, possession
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .message(let message):
            frame.write(Code.message.rawValue)
            frame.write(message)
        case .stampedBody(let message):
            frame.write(Code.stampedBody.rawValue)
            frame.write(message)
        case .possession(let proof, let method, let addresses):
            frame.write(Code.possession.rawValue)
            frame.write(proof)
            frame.write(method)
            frame.write(list: addresses.map(FrameText.init))
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .message: self = .message(try frame.read())
        case .stampedBody: self = .stampedBody(try frame.read())
        case .possession:
            self = .possession(
                try frame.readText(), method: try frame.readText(),
                addresses: try frame.readList(of: FrameText.self, limit: Self.addressLimit).map(\.text))
        case nil: throw .invalidValue
        }
    }
}

extension SessionToken: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension SessionFinding: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .signed(let token, let client, let expiresAt):
            frame.write(true)
            frame.write(token)
            frame.write(client)
            frame.write(expiresAt)
        case .refused(let fault):
            frame.write(false)
            frame.write(fault)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        if try frame.readFlag() {
            self = .signed(try frame.read(), try frame.read(), expiresAt: try frame.read())
        } else {
            self = .refused(try frame.read())
        }
    }
}
