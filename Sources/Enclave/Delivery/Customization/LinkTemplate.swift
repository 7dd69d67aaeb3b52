import EnclaveLink
import Encodings

/// The caller's link, with `%s` where the code goes.
struct LinkTemplate: Equatable, Sendable {
    private static let placeholder = "%s"

    private let before: String
    private let after: String

    /// - Throws: `malformed` for a text without exactly one placeholder, `linkNotAllowed` if it begins with none of the
    ///   prefixes, or leads elsewhere from there.
    init(_ text: String, under prefixes: [LinkPrefix]) throws(CustomizationError) {
        let places = text.ranges(of: Self.placeholder)
        guard let place = places.first, places.count == 1, text.utf8.count <= HTTPSAddress.longest else {
            throw .malformed
        }
        guard prefixes.contains(where: { Self.isAllowed(text, under: $0) }) else { throw .linkNotAllowed }
        before = String(text[..<place.lowerBound])
        after = String(text[place.upperBound...])
    }

    /// - Parameter code: digits or letters of Base32, which need no escape.
    func filled(with code: String) -> String { before + code + after }

    /// What follows the prefix may neither climb out of its path (`..`, also as `%2e`), nor name another host.
    private static func isAllowed(_ text: String, under prefix: LinkPrefix) -> Bool {
        guard text.utf8.starts(with: prefix.text.utf8) else { return false }
        let rest = text.utf8.dropFirst(prefix.text.utf8.count)
        guard let plain = String(rest)?.replacing(placeholder, with: "0") else { return false }
        // A prefix may end with a slash; one more after it would name another host to whoever reads it as an address.
        let joint = (prefix.text.last.map(String.init) ?? "") + plain
        return rest.count > plain.utf8.count && plain.utf8.allSatisfy(isPlain) && !text.contains("..")
            && !joint.contains("//")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || byte.isOne(of: "-._~&=/?")
    }
}
