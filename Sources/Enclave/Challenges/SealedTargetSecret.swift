import EnclaveLink

/// What a sealed challenge holds besides its code: the private half of its target key, and whom its bundle named.
struct SealedTargetSecret: Sendable {
    let flow: SealedFlow
    /// The workspace as clients of the flow name it.
    let organization: String
    /// True for a challenge that nobody can win.
    let isDecoy: Bool
    let key: TargetKey
}

extension SealedTargetSecret: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        frame.write(flow)
        frame.write(organization)
        frame.write(isDecoy)
        key.privateNumber.withUnsafeBytes { frame.write(secret: $0) }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        flow = try frame.read()
        organization = try frame.readText()
        isDecoy = try frame.readFlag()
        var number = try frame.readBytes()
        key = TargetKey(privateNumber: SecretBytes(taking: &number))
    }
}
