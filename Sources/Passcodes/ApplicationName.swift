import Workspaces

/// The name of the application that asks, as the message shows it.
public struct ApplicationName: Equatable, Sendable {
    public static let lengths = 1...64

    public let text: String

    /// Nil if the name is blank, longer than 64 characters, or has characters that end a line, steer a terminal or
    /// turn the direction of text: a message must not be made to say something else.
    public init?(_ text: String) {
        guard Self.lengths.contains(text.count), text.utf8.count <= 256,
            text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }),
            text.unicodeScalars.allSatisfy(Self.isShown)
        else { return nil }
        self.text = text
    }

    /// The name where none was chosen: the workspace's, as far as a message may show it.
    public init(of workspace: Workspace) {
        let shown = String(workspace.name.unicodeScalars.filter(Self.isShown).prefix(Self.lengths.upperBound))
        text = ApplicationName(shown)?.text ?? "Countersign"
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            // The joiner that families and flags of emoji are made with.
            scalar.value == 0x200D
        default: true
        }
    }
}
