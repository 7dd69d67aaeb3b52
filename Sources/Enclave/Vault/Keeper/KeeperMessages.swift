import EnclaveLink

/// What the enclave asks its keeper.
enum KeeperRequest: Equatable, Sendable {
    case readKeys
    case rotate
    case retire(keeping: UInt32)
    case describe
    case makeSigningKey(bits: UInt16, identifier: [UInt8])
    case sign([UInt8], identifier: [UInt8])
    case removeSigningKey([UInt8])
    case listSigningKeys
}

/// What the keeper answers.
enum KeeperAnswer: Sendable {
    /// Why not, in words for the operator.
    case failed(String)
    /// The same where it may go the next time: the HSM does not answer now.
    case away(String)
    /// There are as many versions as there may be, or another one is the newest.
    case refused
    /// The file is wrapped otherwise than the settings say that were read at the start.
    case rewrapped
    /// The same, and a new start would fail: the settings, as they are now, cannot be read or do not open the file.
    case wrappedByUnnamed
    /// The text of a `MasterKeyContent`.
    case keys([UInt8])
    case description(VaultDescription)
    case signingKey(RSAPublicNumbers)
    case signature([UInt8])
    /// Identifiers.
    case signingKeys([[UInt8]])
    case done
}

extension KeeperRequest: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        switch self {
        case .readKeys: frame.write(UInt8(0))
        case .rotate: frame.write(UInt8(1))
        case .retire(let newest):
            frame.write(UInt8(2))
            frame.write(newest)
        case .describe: frame.write(UInt8(3))
        case .makeSigningKey(let bits, let identifier):
            frame.write(UInt8(4))
            frame.write(bits)
            frame.write(identifier)
        case .sign(let message, let identifier):
            frame.write(UInt8(5))
            frame.write(message)
            frame.write(identifier)
        case .removeSigningKey(let identifier):
            frame.write(UInt8(6))
            frame.write(identifier)
        case .listSigningKeys: frame.write(UInt8(7))
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        switch try frame.read(UInt8.self) {
        case 0: self = .readKeys
        case 1: self = .rotate
        case 2: self = .retire(keeping: try frame.read())
        case 3: self = .describe
        case 4: self = .makeSigningKey(bits: try frame.read(), identifier: try frame.readBytes())
        case 5: self = .sign(try frame.readBytes(), identifier: try frame.readBytes())
        case 6: self = .removeSigningKey(try frame.readBytes())
        case 7: self = .listSigningKeys
        default: throw .invalidValue
        }
    }
}

extension KeeperAnswer: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        switch self {
        case .failed(let words):
            frame.write(UInt8(0))
            frame.write(words)
        case .refused: frame.write(UInt8(1))
        case .keys(let text):
            frame.write(UInt8(2))
            frame.write(text)
        case .description(let description):
            frame.write(UInt8(3))
            frame.write(description)
        case .signingKey(let numbers):
            frame.write(UInt8(4))
            frame.write(numbers)
        case .signature(let signature):
            frame.write(UInt8(5))
            frame.write(signature)
        case .done: frame.write(UInt8(6))
        case .away(let words):
            frame.write(UInt8(7))
            frame.write(words)
        case .rewrapped: frame.write(UInt8(9))
        case .wrappedByUnnamed: frame.write(UInt8(10))
        case .signingKeys(let identifiers):
            frame.write(UInt8(8))
            frame.write(UInt16(clamping: identifiers.count))
            for identifier in identifiers { frame.write(identifier) }
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        switch try frame.read(UInt8.self) {
        case 0: self = .failed(try frame.readText())
        case 1: self = .refused
        case 2: self = .keys(try frame.readBytes())
        case 3: self = .description(try frame.read())
        case 4: self = .signingKey(try frame.read())
        case 5: self = .signature(try frame.readBytes())
        case 6: self = .done
        case 7: self = .away(try frame.readText())
        case 8:
            var identifiers: [[UInt8]] = []
            for _ in 0..<(try frame.read(UInt16.self)) { identifiers.append(try frame.readBytes()) }
            self = .signingKeys(identifiers)
        case 9: self = .rewrapped
        case 10: self = .wrappedByUnnamed
        default: throw .invalidValue
        }
    }
}

extension RSAPublicNumbers: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        frame.write(modulus)
        frame.write(exponent)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(modulus: try frame.readBytes(), exponent: try frame.readBytes())
    }
}

extension KeeperAnswer: Redacted {
    var description: String { "<keeper's answer>" }
}
