/// What stands in one message. It has the code, so that neither a print nor a dump shows anything of it.
public struct MessageValues: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Unicode scalars of an application's name, at most.
    public static let longestApplication = 64
    /// Characters of a code, of its minutes and of a host's name (RFC 1035 §2.3.4), at most.
    static let longestCode = 9
    static let mostMinutes = 10
    static let longestDomain = 253

    /// 6 to 9 characters, digits or Crockford's Base32.
    public let code: String
    /// On one line.
    public let application: String
    /// The rest of the code's life.
    public let minutes: Int
    /// Of the line that binds the code to a website: a host's name; nil for no line.
    public let domain: String?
    public let binding: [BindingMember]

    public init(code: String, application: String, minutes: Int, domain: String?, binding: [BindingMember] = []) {
        self.code = code
        self.application = ShownText.line(application, longest: Self.longestApplication)
        self.minutes = minutes
        self.domain = domain
        self.binding = binding
    }

    /// What a message says of the time that a code has left: minutes, rounded, at least one.
    public static func minutes(seconds: Int) -> Int { max(1, (seconds + 30) / 60) }

    /// The last line of a message that ties the code to a website (WICG, "Origin-bound one-time codes delivered via SMS";
    /// mail programs read it too).
    public var originBoundLine: String? { domain.map { "@\($0) #\(code)" } }

    public var description: String { "<message values>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
