extension MessageWording: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(application)
        frame.write(optional: domain)
        frame.write(codeInSubject)
        frame.write(Int64(validMinutes))
        frame.write(customization)
        frame.write(language)
        frame.write(template)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        let application = try frame.readText()
        self.init(
            application: application, domain: try frame.readOptionalText(), codeInSubject: try frame.readFlag(),
            validMinutes: try frame.readCount(), customization: try frame.readOptional(),
            language: try frame.readText(), template: try frame.readOptional())
    }
}

extension OwnTemplate: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(optional: subject)
        frame.write(text)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(subject: try frame.readOptionalText(), text: try frame.readText())
    }
}

extension MessageCustomization: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        for part in [text, logo, link, senderAddress, senderName, replyTo] { frame.write(optional: part) }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            text: try frame.readOptionalText(), logo: try frame.readOptionalText(), link: try frame.readOptionalText(),
            senderAddress: try frame.readOptionalText(), senderName: try frame.readOptionalText(),
            replyTo: try frame.readOptionalText())
    }
}

extension DeliverChallenge: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(challenge)
        frame.write(channel)
        frame.write(provider)
        frame.write(wording)
        frame.write(Int64(deadline))
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            challenge: try frame.read(), channel: try frame.read(), provider: try frame.readText(),
            wording: try frame.read(), deadline: try frame.readCount())
    }
}

extension DeliveryOutcome: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .accepted(let provider, let message):
            frame.write(true)
            frame.write(provider)
            frame.write(message)
        case .failed(let failure):
            frame.write(false)
            frame.write(failure)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        if try frame.readFlag() {
            self = .accepted(provider: try frame.readText(), message: try frame.readText())
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
