extension PresentedCode: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension IdentityTokenRequest: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(issuer)
        frame.write(audience)
        frame.write(keyIdentifier)
        frame.write(Int64(lifetime))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            issuer: try frame.readText(), audience: try frame.readText(), keyIdentifier: try frame.readText(),
            lifetime: try frame.readCount())
    }
}

extension AttemptChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(challenge)
        frame.write(code)
        frame.write(token)
        frame.write(claims)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            challenge: try frame.readOptional(), code: try frame.read(), token: try frame.read(),
            claims: try frame.readOptional())
    }
}

extension IdentityToken: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension AttemptOutcome: FrameCodable {
    private enum Code: UInt8 {
        case verified = 0
        case wrong, locked, expired, spent, madeBeforeBoot
    }

    private var code: Code {
        switch self {
        case .verified: .verified
        case .wrong: .wrong
        case .locked: .locked
        case .expired: .expired
        case .spent: .spent
        case .madeBeforeBoot: .madeBeforeBoot
        }
    }

    public func encode(into frame: inout FrameWriter) {
        frame.write(code.rawValue)
        if case .verified(let token) = self { frame.write(token) }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .verified: self = .verified(identityToken: try frame.read())
        case .wrong: self = .wrong
        case .locked: self = .locked
        case .expired: self = .expired
        case .spent: self = .spent
        case .madeBeforeBoot: self = .madeBeforeBoot
        case nil: throw .invalidValue
        }
    }
}
