extension SealedWebhookSecret: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(bytes) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readBytes()) }
}

extension WebhookSecretText: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(value) }
    public init(from frame: inout FrameReader) throws(FrameError) { self.init(try frame.readText()) }
}

extension MakeWebhookSecret: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(endpoint)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(workspace: try frame.readText(), endpoint: try frame.readText())
    }
}

extension MadeWebhookSecret: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(sealed)
        frame.write(secret)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(sealed: try frame.read(), secret: try frame.read())
    }
}

extension DeliverWebhook: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(workspace)
        frame.write(endpoint)
        frame.write(list: secrets)
        frame.write(url)
        frame.write(message)
        frame.write(timestamp)
        frame.write(body)
        frame.write(Int64(deadline))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            workspace: try frame.readText(), endpoint: try frame.readText(),
            secrets: try frame.readList(limit: Self.secretLimit), url: try frame.readText(),
            message: try frame.readText(), timestamp: try frame.read(), body: try frame.readText(),
            deadline: try frame.readCount())
    }
}

extension WebhookOutcome: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .answered(let status):
            frame.write(true)
            frame.write(Int64(status))
        case .failed(let failure):
            frame.write(false)
            frame.write(failure)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        if try frame.readFlag() {
            self = .answered(status: try frame.readCount())
        } else {
            self = .failed(try frame.read())
        }
    }
}

extension HostPattern: FrameCodable {
    public func encode(into frame: inout FrameWriter) { frame.write(text) }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let text = try frame.readText()
        guard let pattern = HostPattern(text), pattern.text == text else { throw .invalidValue }
        self = pattern
    }
}

extension WebhookReach: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(hosts != nil)
        frame.write(list: hosts ?? [])
        frame.write(list: privateHosts)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let isNarrowed = try frame.readFlag()
        let hosts: [HostPattern] = try frame.readList(limit: Self.patternLimit)
        guard isNarrowed || hosts.isEmpty else { throw .invalidValue }
        self.init(hosts: isNarrowed ? hosts : nil, privateHosts: try frame.readList(limit: Self.patternLimit))
    }
}
