extension ReadDeliveryReports: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(provider)
        frame.write(method)
        frame.write(url)
        frame.write(list: headers)
        frame.write(body)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            provider: try frame.readText(), method: try frame.readText(), url: try frame.readText(),
            headers: try frame.readList(limit: Self.headerLimit), body: try frame.readBytes())
        guard body.count <= Self.bodyLimit else { throw .tooLong }
    }
}

extension ReportHeader: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(name)
        frame.write(value)
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(name: try frame.readText(), value: try frame.readText())
    }
}

extension DeliveryReportsReading: FrameCodable {
    private enum Code: UInt8 {
        case refused = 0
        case malformed, confirmation, reports
    }

    public func encode(into frame: inout FrameWriter) {
        switch self {
        case .refused: frame.write(Code.refused.rawValue)
        case .malformed: frame.write(Code.malformed.rawValue)
        case .confirmation(let text):
            frame.write(Code.confirmation.rawValue)
            frame.write(text)
        case .reports(let reports):
            frame.write(Code.reports.rawValue)
            frame.write(list: reports)
        }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        switch Code(rawValue: try frame.read()) {
        case .refused: self = .refused
        case .malformed: self = .malformed
        case .confirmation: self = .confirmation(try frame.readText())
        case .reports: self = .reports(try frame.readList(limit: Self.limit))
        case nil: throw .invalidValue
        }
    }
}

extension DeliveryReport: FrameCodable {
    public func encode(into frame: inout FrameWriter) {
        frame.write(message)
        frame.write(state)
        frame.write(reason)
        frame.write(time != nil)
        if let time { frame.write(time) }
    }

    public init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            message: try frame.readText(), state: try frame.read(), reason: try frame.readText(),
            time: try frame.readFlag() ? try frame.read() : nil)
    }
}
