extension SignPermission: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(issuer)
        frame.write(workspace)
        frame.write(mode)
        frame.write(agent)
        frame.write(permission)
        frame.write(action)
        frame.write(optional: resource)
        frame.write(scope)
        frame.write(optional: clientKey)
        frame.write(expiresAt)
        frame.write(keyIdentifier)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            issuer: try frame.readText(), workspace: try frame.readText(), mode: try frame.read(),
            agent: try frame.readText(), permission: try frame.readText(), action: try frame.readText(),
            resource: try frame.readOptionalText(), scope: try frame.readText(),
            clientKey: try frame.readOptionalText(), expiresAt: try frame.read(), keyIdentifier: try frame.readText())
    }
}

extension SignedPermission: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}
