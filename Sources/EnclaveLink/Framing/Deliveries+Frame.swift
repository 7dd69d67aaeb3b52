extension MessageWording: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(application)
        frame.write(domain != nil)
        if let domain { frame.write(domain) }
        frame.write(codeInSubject)
        frame.write(Int64(validMinutes))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let application = try frame.readText()
        let domain: String? = try frame.readFlag() ? try frame.readText() : nil
        self.init(
            application: application, domain: domain, codeInSubject: try frame.readFlag(),
            validMinutes: try frame.readCount())
    }
}

extension DeliverChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(challenge)
        frame.write(wording)
        frame.write(Int64(deadline))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(challenge: try frame.read(), wording: try frame.read(), deadline: try frame.readCount())
    }
}

extension DeliveryOutcome: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .accepted(let provider):
            frame.write(true)
            frame.write(provider)
        case .failed(let failure):
            frame.write(false)
            frame.write(failure)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        if try frame.readFlag() {
            self = .accepted(provider: try frame.readText())
        } else {
            self = .failed(try frame.read())
        }
    }
}

extension DeliveryFailure: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(provider)
        frame.write(reason)
        frame.write(Int64(providerStatus))
        frame.write(mayHaveArrived)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            provider: try frame.readText(), reason: try frame.read(), providerStatus: try frame.readCount(),
            mayHaveArrived: try frame.readFlag())
    }
}
