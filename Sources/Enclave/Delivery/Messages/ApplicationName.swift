import Messages

/// An application's name as a message may show it: one line, no control or direction characters, at most
/// ``longest`` Unicode scalars.
struct ApplicationName: Equatable, Sendable {
    static let longest = MessageValues.longestApplication

    let value: String

    init(_ raw: String) { value = ShownText.line(raw, longest: Self.longest) }
}
