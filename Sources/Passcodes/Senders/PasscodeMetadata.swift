import JOSE

/// A small JSON object that comes back in answers, in a passcode's status and in webhooks. It means nothing to this server,
/// and no token has it.
public struct PasscodeMetadata: Equatable, Sendable {
    /// Bytes of the text, at most.
    public static let longest = 1024

    /// Canonical JSON (RFC 8785).
    public let text: String

    /// Throws `claimRefused`.
    public init(_ value: JSONValue) throws(PasscodeError) {
        text = try SmallObject.text(of: value, named: "metadata", longest: Self.longest)
    }

    /// As it was stored; nil for the empty text.
    init?(stored text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
    }
}

/// A JSON object of a caller's that is kept as canonical text.
enum SmallObject {
    /// Throws `claimRefused` for what is no object, too long, or has a number that readers of JSON would round.
    static func text(of value: JSONValue, named name: String, longest: Int) throws(PasscodeError) -> String {
        guard case .object = value, let text = try? value.canonicalText(), text.count <= longest else {
            throw .claimRefused(
                name,
                "a JSON object of at most \(longest) bytes, with numbers that every reader of JSON keeps exactly, such as "
                    + "whole ones up to 2^53.")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
