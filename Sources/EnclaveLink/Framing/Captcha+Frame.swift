extension CaptchaToken: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension VerifyCaptcha: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(token)
        frame.write(optional: address)
        frame.write(Int64(deadline))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            workspace: try frame.readText(), token: try frame.read(), address: try frame.readOptionalText(),
            deadline: try frame.readCount())
    }
}
