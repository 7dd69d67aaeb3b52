import SealedPasscodes

extension SealedTarget: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(flow)
        frame.write(keyIdentifier)
        frame.write(issuer)
        frame.write(organization)
        frame.write(isDecoy)
        frame.write(usesSandboxCode)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            flow: try frame.read(), keyIdentifier: try frame.readText(), issuer: try frame.readText(),
            organization: try frame.readText(), isDecoy: try frame.readFlag(), usesSandboxCode: try frame.readFlag())
    }
}

extension P256PublicKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(uncompressed) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let point = try frame.readBytes()
        do { try self.init(point: point) } catch { throw FrameError.invalidValue }
    }
}

extension SealedAttempt: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(encapsulatedKey)
        frame.write(ciphertext)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let key = try frame.read(P256PublicKey.self)
        let ciphertext = try frame.readBytes()
        do { try self.init(encapsulatedKey: key, ciphertext: ciphertext) } catch { throw FrameError.invalidValue }
    }
}

extension VerificationTokenRequest: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(identifier)
        frame.write(keyIdentifier)
        frame.write(issuer)
        frame.write(organization)
        frame.write(Int64(lifetime))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            identifier: try frame.readText(), keyIdentifier: try frame.readText(), issuer: try frame.readText(),
            organization: try frame.readText(), lifetime: try frame.readCount())
    }
}

extension AttemptSealedChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(challenge)
        frame.write(flow)
        frame.write(attempt)
        frame.write(token)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            challenge: try frame.read(), flow: try frame.read(), attempt: try frame.read(), token: try frame.read())
    }
}

extension VerificationToken: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension SealedAttemptOutcome: FrameCodable {
    private enum Code: UInt8 {
        case verified = 0
        case wrong, notOpened, malformedContent, malformedKey, uncompressedKey, locked, expired, spent, madeBeforeBoot
    }

    private var code: Code {
        switch self {
        case .verified: .verified
        case .wrong: .wrong
        case .notOpened: .notOpened
        case .malformedContent: .malformedContent
        case .malformedKey: .malformedKey
        case .uncompressedKey: .uncompressedKey
        case .locked: .locked
        case .expired: .expired
        case .spent: .spent
        case .madeBeforeBoot: .madeBeforeBoot
        }
    }

    public func encode(into frame: inout FrameWriter) {
        frame.write(code.rawValue)
        if case .verified(let token, let expiresAt) = self {
            frame.write(token)
            frame.write(expiresAt)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .verified: self = .verified(try frame.read(), expiresAt: try frame.read())
        case .wrong: self = .wrong
        case .notOpened: self = .notOpened
        case .malformedContent: self = .malformedContent
        case .malformedKey: self = .malformedKey
        case .uncompressedKey: self = .uncompressedKey
        case .locked: self = .locked
        case .expired: self = .expired
        case .spent: self = .spent
        case .madeBeforeBoot: self = .madeBeforeBoot
        case nil: throw .invalidValue
        }
    }
}
