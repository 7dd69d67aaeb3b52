/// A code on its way into a message. It prints as a placeholder; only the message templates read `value`.
struct DeliverableCode: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// 6 to 9 characters, digits or Crockford's Base32.
    let value: String

    init(_ value: String) { self.value = value }

    var description: String { "<code>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
