extension VaultDescription: FrameCodable {
    /// More versions than this are not read.
    private static let versionLimit = 64

    public func encode(into frame: inout FrameWriter) {
        frame.write(wrapping)
        frame.write(UInt16(clamping: versions.count))
        for version in versions.prefix(Int(UInt16.max)) { frame.write(version) }
        frame.write(identityKeys)
        frame.write(outlook)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let wrapping = try frame.readOptional(Wrapping.self)
        let count = Int(try frame.read(UInt16.self))
        guard count <= Self.versionLimit else { throw .tooLong }
        var versions: [UInt32] = []
        for _ in 0..<count { versions.append(try frame.read()) }
        self.init(
            wrapping: wrapping, versions: versions, identityKeys: try frame.readOptional(TokenKeys.self),
            outlook: try frame.read())
    }
}

extension VaultDescription.Wrapping: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(token)
        frame.write(key)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(token: try frame.readText(), key: try frame.readText())
    }
}

extension VaultDescription.TokenKeys: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(count)
        frame.write(list: unknown.map(FrameText.init))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            count: try frame.read(), unknown: try frame.readList(of: FrameText.self, limit: Self.limit).map(\.text))
    }
}

extension DescribeVault: FrameCodable {
    public func encode(into frame: inout FrameWriter) {}
    public init(from frame: inout FrameReader) throws(FrameError) { self.init() }
}

extension RotateMasterKey: FrameCodable {
    public func encode(into frame: inout FrameWriter) {}
    public init(from frame: inout FrameReader) throws(FrameError) { self.init() }
}

extension RetireMasterKeys: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(newest) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(newest: try frame.read()) }
}

extension Reseal: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch place {
        case .signingKey(let purpose, let identifier):
            frame.write(UInt8(0))
            frame.write(purpose)
            frame.write(identifier)
        case .webhookSecret(let workspace, let endpoint):
            frame.write(UInt8(1))
            frame.write(workspace)
            frame.write(endpoint)
        }
        frame.write(sealed)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let place: Place
        switch try frame.read(UInt8.self) {
        case 0: place = .signingKey(try frame.read(), identifier: try frame.readText())
        case 1: place = .webhookSecret(workspace: try frame.readText(), endpoint: try frame.readText())
        default: throw .invalidValue
        }
        self.init(place, sealed: try frame.readBytes())
    }
}

extension Resealed: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(sealed != nil)
        if let sealed { frame.write(sealed) }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(sealed: try frame.readFlag() ? try frame.readBytes() : nil)
    }
}
