/// How long a message is for whoever brings it.
public struct MessageLength: Equatable, Sendable {
    public let kind: MessageKind
    /// UTF-16 units: what providers call characters, counted so that no provider finds more. Of a call, the units of its
    /// markup (``VoiceMessage/markupLength``).
    public let units: Int
    /// What a phone network charges for it; nil where it is no SMS.
    public let segments: SegmentCount?

    /// True for what providers of its kind refuse.
    public var isTooLong: Bool { kind.longestMessage.map { units > $0 } ?? false }
}

extension MessageLength: CustomStringConvertible {
    /// Words for whoever has to shorten it.
    public var description: String {
        let limit = kind.longestMessage.map { " of \($0)" } ?? ""
        return "\(units)\(limit) characters" + (segments.map { " in \($0.segments) segments" } ?? "")
    }
}

extension MessageWriter {
    /// The length of what it writes.
    public func length(as kind: MessageKind) -> MessageLength {
        let text = text(as: kind)
        return MessageLength(
            kind: kind, units: kind == .voice ? voice.markupLength : text.utf16.count,
            segments: kind == .sms ? SegmentCount(of: text) : nil)
    }

    /// All of it to read. A mail without its subject.
    public func text(as kind: MessageKind) -> String {
        switch kind {
        case .sms: smsLines.joined(separator: "\n")
        case .whatsapp: chatLines.joined(separator: "\n")
        case .voice: voice.transcript
        case .email: mail(codeInSubject: false).plainLines(code: values.code).joined(separator: "\n")
        }
    }
}
